"""TTLs lowered for a move and put back after it. No IO here.

`lowering` says which sets of a zone can be lowered and why the others cannot; `restoring` what puts the originals
back, and what somebody has changed meanwhile; `proof` what every name server has to show.
"""

from migrator.ttls.lowering import Kept, Lowering, Only, lower
from migrator.ttls.originals import Original
from migrator.ttls.restoring import Changed, Restoring, restore

__all__ = ["Changed", "Kept", "Lowering", "Only", "Original", "Restoring", "lower", "restore"]
