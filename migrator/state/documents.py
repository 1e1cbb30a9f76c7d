"""What commands found, kept as the JSON documents that they print: `report` and `status` are made of them."""

import base64
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from dns.name import Name

from migrator.codec.observation import instant, parse_instant
from migrator.codec.shape import Shape, parse_object
from migrator.model.names import text_of
from migrator.model.values import dataclass
from migrator.state.store import Store, tool
from migrator.state.tables import DOCUMENTS

# No JSON object begins so.
_PACKED = "zlib;base64,"
_WORTH_PACKING = 4096


@dataclass(frozen=True, slots=True)
class Document:
    """One document; `text` is JSON whose `schema` member names its shape, such as `dns-migrator/checklist/1`."""

    number: int
    at: datetime
    tool: str
    schema: str
    text: str

    def shape(self) -> Shape:
        """Return the document; raises InputError where it is damaged."""
        return parse_object(self.text, f"document {self.number}")


class Documents:
    """The documents of a state database: added to, never changed."""

    def __init__(self, store: Store) -> None:
        """Use the table of this database."""
        self._store = store

    def keep(self, domain: Name, text: str) -> int:
        """Keep a document of a domain and return its number; raises StoreError where that fails."""
        schema = parse_object(text, "document").text("schema")
        row = {
            "utc": instant(datetime.now(UTC)),
            "tool": tool(),
            "domain": text_of(domain),
            "schema": schema,
            "text": packed(text),
        }
        with self._store.writing() as connection:
            inserted = connection.execute(sa.insert(DOCUMENTS).values(**row)).inserted_primary_key
        assert inserted is not None
        return int(inserted[0])

    def of(self, domain: Name, schema: str = "") -> tuple[Document, ...]:
        """Return the documents of a domain in the order in which they were kept, of one schema where named."""
        query = sa.select(DOCUMENTS).where(DOCUMENTS.c.domain == text_of(domain)).order_by(DOCUMENTS.c.id)
        if schema:
            query = query.where(DOCUMENTS.c.schema == schema)
        with self._store.reading() as connection:
            return tuple(_document(row) for row in connection.execute(query).mappings())

    def last(self, domain: Name, schema: str) -> Document | None:
        """Return the last document of a domain and a schema; None where there is none."""
        query = sa.select(DOCUMENTS).where(DOCUMENTS.c.domain == text_of(domain), DOCUMENTS.c.schema == schema)
        with self._store.reading() as connection:
            row = connection.execute(query.order_by(DOCUMENTS.c.id.desc()).limit(1)).mappings().first()
        return None if row is None else _document(row)

    def numbered(self, numbers: Iterable[int]) -> tuple[Document, ...]:
        """Return the documents of these numbers."""
        query = sa.select(DOCUMENTS).where(DOCUMENTS.c.id.in_(list(numbers))).order_by(DOCUMENTS.c.id)
        with self._store.reading() as connection:
            return tuple(_document(row) for row in connection.execute(query).mappings())


def packed(text: str) -> str:
    """Return the text as it is kept: a checklist is a hundred kilobytes, and a tenth of that packed."""
    if len(text) < _WORTH_PACKING:
        return text
    return _PACKED + base64.b64encode(zlib.compress(text.encode())).decode("ascii")


def unpacked(kept: str) -> str:
    """Return the text that was kept; what is damaged is left as it is, and no JSON to those who read it."""
    if not kept.startswith(_PACKED):
        return kept
    try:
        return zlib.decompress(base64.b64decode(kept.removeprefix(_PACKED), validate=True)).decode()
    except (ValueError, zlib.error):
        return kept


def _document(row: Any) -> Document:
    return Document(row["id"], parse_instant(row["utc"]), row["tool"], row["schema"], unpacked(row["text"]))
