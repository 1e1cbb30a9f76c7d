"""JSON as text that a terminal may show: what nobody sees there, or what drives it, is escaped. Pure."""

import json

from migrator.model.expression import expression

# What ASCII has of such characters, `json` escapes itself.
_BEYOND_ASCII = expression(r"[\x7f-\U0010ffff]")


def dumps(document: object, *, indent: int | None = None, separators: tuple[str, str] | None = None) -> str:
    r"""Return the document as JSON text, letters beyond ASCII as they are.

    Controls (U+009B begins an escape sequence), marks of direction, characters without a picture and halves of
    surrogate pairs become `\uNNNN`, which means the same to whatever reads JSON.
    """
    text = json.dumps(document, indent=indent, separators=separators, ensure_ascii=False)
    return _BEYOND_ASCII.sub(
        lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text
    )
