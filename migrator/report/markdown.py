"""Text within Markdown: what would be taken for markup is escaped, and code holds no backquote. Pure."""

from migrator.model.phrases import safe


def plain(text: str) -> str:
    """Return the text with what Markdown would take for markup escaped."""
    return "".join(f"\\{char}" if char in r"\`*_<>[]|" else char for char in safe(text))


def code(text: str) -> str:
    """Return the text as it can stand between backquotes."""
    return safe(text).replace("`", "'")
