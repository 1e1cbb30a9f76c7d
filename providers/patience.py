"""How long a request to a service is tried, and how long to wait between two tries. No IO here, no clock."""

from migrator.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that one request may be throttled in all; tries after failures, without a connection; pauses."""

    throttled: float
    failures: int
    connections: int
    shortest_pause: float
    longest_pause: float = 60.0

    def after(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row: they double."""
        return float(min(self.longest_pause, self.shortest_pause * 2 ** min(failures - 1, 10)))
