"""Zone files read for a test, and readings as plain text to compare whole."""

from migrator.errors import InputError
from migrator.model.names import absolute
from migrator.model.rrset import Record
from migrator.zonefile import Reading, read_zone

TOP = "example.com.zone"
START = "$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n"


def read(text: str | bytes, origin: str | None = "example.com.", **files: str) -> Reading:
    """Read a zone file; other files that it may include are given by name, `.` and `/` in it written `_`."""
    content = text.encode() if isinstance(text, str) else text

    def opened(path: str, including: str) -> tuple[bytes, str]:
        del including
        found = files.get(path.replace(".", "_").replace("/", "_"))
        if found is None:
            raise InputError(f"{path}: cannot be read: No such file or directory.")
        return found.encode(), path

    return read_zone(content, file=TOP, origin=absolute(origin) if origin else None, include=opened)


def below(text: str | bytes, **files: str) -> list[str]:
    """Read lines that stand below an SOA and an NS record, and show their records."""
    content = text if isinstance(text, bytes) else text.encode()
    return lines(read(START.encode() + content, **files))[2:]


def lines(reading: Reading) -> list[str]:
    """Show each record as one line."""
    return [line(record) for record in reading.records]


def line(record: Record) -> str:
    """Show a record as `owner ttl type rdata`, names as they were written."""
    return (
        f"{record.owner} {record.ttl} {record.rdata.rdtype.to_text(record.rdata.rdtype)} {record.rdata.to_text()}"
    )


def told(reading: Reading) -> list[str]:
    """Show each finding as `severity check file:line`."""
    return [
        f"{found.severity} {found.check.removeprefix('zonefile.')} {found.position or '-'}"
        for found in reading.findings
    ]
