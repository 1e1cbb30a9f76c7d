"""Findings as JSON, in every document the same way. No IO here."""

from migrator.codec.shape import Shape
from migrator.model.finding import Finding, Position, Severity


def document(finding: Finding) -> dict[str, object]:
    """Return the JSON object of a finding; `file` and `line` are null where it has no position."""
    found: dict[str, object] = {
        "check": finding.check,
        "severity": str(finding.severity),
        "subject": finding.subject,
        "message": finding.message,
        "file": None if finding.position is None else finding.position.file,
        "line": None if finding.position is None else finding.position.line,
    }
    if finding.remedy:
        found["remedy"] = finding.remedy
    if finding.evidence:
        found["evidence"] = list(finding.evidence)
    return found


def parse(shape: Shape) -> Finding:
    """Return the finding that such an object is; raises InputError where it is none."""
    severity = shape.text("severity")
    if severity not in tuple(Severity):
        raise shape.error("severity", f"'{severity}' is none of {', '.join(Severity)}.")
    return Finding(
        shape.text("check"),
        Severity(severity),
        shape.text("subject"),
        shape.text("message"),
        position(shape),
        shape.text("remedy", ""),
        shape.texts("evidence"),
    )


def position(shape: Shape) -> Position | None:
    """Return the `file` and `line` of an object, or None where they are absent or null."""
    if shape.members.get("file") is None:
        return None
    return Position(shape.text("file"), shape.integer("line"))
