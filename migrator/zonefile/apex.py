"""Whose zone a file is: from its SOA and $ORIGIN lines, or from what the caller knows. No IO here."""

from dns.name import Name

from migrator.model.finding import Severity
from migrator.model.names import ROOT, folded, text_of
from migrator.model.values import dataclass
from migrator.zonefile.fields import Names, Unreadable
from migrator.zonefile.rdata import Remark
from migrator.zonefile.suspicion import dotless


@dataclass(slots=True)
class Apex:
    """What is known of the zone's name so far.

    `given` by the caller outranks the file; `fallback` is the caller's second choice, after what the file says.
    """

    given: Name | None
    fallback: Name | None
    first_origin: Name | None = None
    soa_owner: Name | None = None

    def known(self) -> Name | None:
        """Return the best that is known."""
        return self.given or self.soa_owner or self.first_origin or self.fallback

    def stands_open(self) -> bool:
        """Tell whether neither the caller nor a line of the file has said yet which zone it is."""
        return self.given is None and self.soa_owner is None and self.first_origin is None

    def origin_of(self, token: bytes, names: Names, *, always_absolute: bool) -> tuple[Name, Remark | None]:
        """Return what `$ORIGIN token` means, and what to say of a forgotten dot; raises Unreadable.

        `$ORIGIN example.com` without the dot names the zone itself where the caller has not named another: no
        server would read the file otherwise. `always_absolute` is so for Azure's portal, which writes no dots.
        Anything else that looks like a whole name is read as it stands, and most likely not meant: an error.
        """
        known, repeats = self.known(), False
        whole = _lacks_its_dot(token, names)
        if whole:
            absolute = Names(ROOT).read(token)
            repeats = known is not None and folded(absolute) == folded(known)
            if known is None or (repeats and (self.given is None or always_absolute)):
                self.first_origin = self.first_origin or absolute
                reading = f"it is read as {text_of(absolute)} all the same"
                return absolute, _dot_remark(Severity.WARNING, reading)
        origin = names.read(token)
        if origin == ROOT:
            # BIND writes it before the apex of whatever zone it dumps: it says of no zone that this is it.
            return origin, None
        if whole and known is not None and (repeats or dotless(origin, known)):
            return origin, _dot_remark(Severity.ERROR, _as_it_stands(origin))
        self.first_origin = self.first_origin or origin
        return origin, None

    def soa_owner_of(self, token: bytes, names: Names) -> tuple[Name, Remark | None]:
        """Return the owner of an SOA record, and what to say of a forgotten dot; raises Unreadable.

        An SOA stands at the apex and nowhere else, so `example.com SOA` in example.com. can mean nothing else.
        Cloudflare's export writes it so (2026-06).
        """
        known = self.known()
        if _lacks_its_dot(token, names) and token.isascii():
            absolute = Names(ROOT).read(token)
            if known is None or folded(absolute) == folded(known):
                message = (
                    f"The owner of the SOA lacks the final dot; it is read as {text_of(absolute)} all the same"
                )
                return absolute, Remark(
                    "zonefile.soa-without-dot", Severity.WARNING, f"{message}.", "Write the dot."
                )
        return names.read(token), None


def _lacks_its_dot(token: bytes, names: Names) -> bool:
    """Tell whether a name looks whole and lacks its dot; below the root, as BIND dumps a zone, it needs none."""
    return token[-1:] != b"." and b"." in token and b"\\" not in token and names.origin != ROOT


def _as_it_stands(origin: Name) -> str:
    return (
        f"it means {text_of(origin)}, below which all that follows is read, as by BIND and Knot, while NSD "
        "refuses the file"
    )


def _dot_remark(severity: Severity, reading: str) -> Remark:
    message = f"$ORIGIN lacks the final dot; {reading}."
    return Remark("zonefile.origin-without-dot", severity, message, "Write the dot.")


def named(text: bytes) -> Name | None:
    """Return the absolute name that a file's header comment has, with or without its dot; None for other text."""
    try:
        return Names(ROOT).read(text)
    except Unreadable:
        return None
