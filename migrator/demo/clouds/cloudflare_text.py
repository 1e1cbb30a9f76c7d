"""The fake Cloudflare's zone files: what its export writes, and what its import takes."""

import re
from typing import Any

from migrator.demo.clouds.cloudflare_records import RefusedError
from migrator.demo.clouds.cloudflare_zones import Zone

_MOST = 256 * 1024
_DOTTED = frozenset({"CNAME", "NS", "PTR", "MX", "SRV"})


def export_text(zone: Zone) -> str:
    """A zone file with TTL 1 for automatic ones, and `cf_tags` in comments, as the service writes it."""
    lines = [f";; Domain:     {zone.name}.", ";; Exported:   2026-01-01 00:00:00", ""]
    lines += (_line(record) for record in zone.records)
    return "\n".join([*lines, ""])


def _line(record: Any) -> str:
    content = str(record["content"]).removeprefix("IN LOC ")
    if record["type"] in _DOTTED and content != ".":
        content = f"{content}."
    if "priority" in record:
        content = f"{record['priority']} {content}"
    said = [f"cf-proxied:{str(record['proxied']).lower()}"] if record["proxiable"] else []
    said += record.get("tags") or []
    comment = f" {record['comment']}" if record.get("comment") else ""
    note = f" ;{comment} cf_tags={','.join(said)}" if said else (f" ;{comment}" if comment else "")
    return f"{record['name']}.\t{record['ttl']}\tIN\t{record['type']}\t{content}{note}"


def import_text(zone: Zone, body: bytes, kind: str) -> tuple[int, int]:
    """Read the file of a form, one record a line; return how many were read and how many added."""
    boundary = re.search(r"boundary=([^;]+)", kind)
    if not boundary:
        raise RefusedError(1002, "A form with a file was expected.")
    part = next((p for p in body.split(b"--" + boundary[1].encode()) if b'name="file"' in p), b"")
    text = part.partition(b"\r\n\r\n")[2]
    if len(text) > _MOST:
        raise RefusedError(1003, "The file is larger than 256 KiB.")
    if b"$INCLUDE" in text:
        raise RefusedError(1003, "$INCLUDE is not supported.")
    parsed = added = 0
    for line in text.decode().splitlines():
        found = re.match(r'(\S+)\s+(\d+)\s+IN\s+(\S+)\s+((?:"(?:[^"\\]|\\.)*"|[^;"])*)(?:;(.*))?$', line)
        if not found or line.startswith(";"):
            continue
        parsed += 1
        try:
            zone.create(_given(*found.groups()))
            added += 1
        except RefusedError:
            continue
    return parsed, added


def _given(name: str, ttl: str, rdtype: str, rest: str, tags: str | None) -> dict[str, Any]:
    rest = rest.strip()
    given: dict[str, Any] = {"name": name, "ttl": int(ttl), "type": rdtype, "content": rest}
    if rdtype in {"MX", "SRV", "URI"}:
        priority, _, given["content"] = rest.partition(" ")
        given["priority"] = int(priority)
    given["proxied"] = "cf-proxied:true" in (tags or "")
    return given
