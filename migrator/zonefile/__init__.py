"""Zone file text <-> records: `read_zone` and `write_zone` are the seam, all else is inside. No IO here."""

from migrator.zonefile.collector import paused_collector
from migrator.zonefile.filenames import zone_of_file_name
from migrator.zonefile.reader import read_zone
from migrator.zonefile.reading import IncludeOpener, Reading

__all__ = [
    "IncludeOpener",
    "Reading",
    "paused_collector",
    "read_zone",
    "zone_of_file_name",
]
