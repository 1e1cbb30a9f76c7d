"""One line of a list of zones. No IO here."""

from dns.name import Name

from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ZoneInfo:
    """One line of a list of zones; None where the service does not say."""

    name: Name
    identifier: str
    visibility: str = "public"
    records: int | None = None
    status: str = ""
    name_servers: tuple[Name, ...] | None = None
    note: str = ""
