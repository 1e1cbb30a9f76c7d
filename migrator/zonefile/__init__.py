"""Zone file text <-> records: `read_zone` and `write_zone` are the seam, all else is inside. No IO here."""

from migrator.zonefile.reader import read_zone
from migrator.zonefile.reading import IncludeOpener, Reading

__all__ = ["IncludeOpener", "Reading", "read_zone"]
