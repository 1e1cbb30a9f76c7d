"""What is remembered of one server from call to call: its pace, its round-trip time, its EDNS. No IO here."""

_BURST = 0.05  # seconds' worth of queries that may go at once after a pause
_SMOOTHING, _DEVIATION = 1 / 8, 1 / 4  # RFC 6298 section 2.3
_LEAST_PATIENCE = 0.1  # RFC 6298 has a second; DNS repeats one small packet, and many of them are out at once


class Pace:
    """A bucket of tokens: how many queries may go to a server now. A rate of 0 is no limit."""

    def __init__(self, rate: float) -> None:
        """Begin with a full bucket; `rate` is queries per second."""
        self._rate = rate
        self._capacity = max(1.0, rate * _BURST)
        self._tokens = self._capacity
        self._filled_at = 0.0

    def available(self, now: float, wanted: int) -> int:
        """Return how many of the queries that are wanted may go now."""
        if not self._rate:
            return wanted
        gained = (now - self._filled_at) * self._rate
        self._filled_at = now
        self._tokens = min(self._capacity, self._tokens + gained)
        return min(wanted, int(self._tokens))

    def spend(self, sent: int) -> None:
        """Take the tokens of queries that went."""
        if self._rate:
            self._tokens -= sent

    def wait(self) -> float:
        """Return the seconds until there is a token; 0 where there is one."""
        return max(0.0, (1 - self._tokens) / self._rate) if self._rate else 0.0


class RoundTrip:
    """The time that a server takes to answer, and how long to wait before a query is sent again (RFC 6298)."""

    def __init__(self) -> None:
        """Begin without a measurement."""
        self._smoothed = 0.0
        self._deviation = 0.0

    def measured(self, elapsed: float) -> None:
        """Take a measurement, of a query that was sent once: else nobody knows which try was answered."""
        if not self._smoothed:
            self._smoothed, self._deviation = elapsed, elapsed / 2
            return
        self._deviation += (abs(elapsed - self._smoothed) - self._deviation) * _DEVIATION
        self._smoothed += (elapsed - self._smoothed) * _SMOOTHING

    def patience(self, tries: int, longest: float) -> float:
        """Return how long to wait for the answer to this try: twice as long as for the one before."""
        if not self._smoothed:
            return longest
        # A queue that grows at the server makes each answer later than the one before: twice the time is no loss.
        first = max(_LEAST_PATIENCE, self._smoothed + max(4 * self._deviation, self._smoothed))
        return min(longest, first * 2.0 ** (tries - 1))


class Peer:
    """One server at one address."""

    def __init__(self, rate: float) -> None:
        """Begin as if it had never been asked; `rate` is queries per second, 0 for no limit."""
        self.pace = Pace(rate)
        self.round_trip = RoundTrip()
        self.edns_works = False
        self.edns_fails = False
