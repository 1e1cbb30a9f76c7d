"""Whether a change has reached all name servers: Route 53 says PENDING first, and INSYNC within a minute or so.

The API shows a change at once, so this matters only to whoever asks the name servers next.
"""

import time

from dns.name import Name

from migrator.interfaces import Progress
from migrator.model.finding import Finding, Severity
from migrator.model.names import text_of
from providers.route53.failures import RequestError
from providers.route53.pacing import Pace
from providers.route53.service import Service


def wait(service: Service, change: str, pace: Pace, progress: Progress) -> bool:
    """Look again and again until the change is everywhere; returns False where patience ended, or nobody tells.

    Credentials that may not look (GetChange) will not be allowed to a moment later.
    """
    try:
        if is_everywhere(service, change):
            return True
        for looks, seconds in enumerate(pace.waits(), start=1):
            progress("looks at how the change spreads", looks, None)
            time.sleep(seconds)
            if is_everywhere(service, change):
                return True
    except RequestError:
        # The change is accepted; how far it got is all that cannot be said.
        return False
    return False


def is_everywhere(service: Service, change: str) -> bool:
    """Tell whether all name servers have the change; raises RequestError where Route 53 does not tell."""
    info = service.ask("GetChange", {"Id": change}).native.get("ChangeInfo")
    return isinstance(info, dict) and info.get("Status") == "INSYNC"


def not_everywhere(zone: Name) -> Finding:
    """Return what to tell of a change that was not seen to be everywhere."""
    return Finding(
        "route53.spreading",
        Severity.NOTICE,
        text_of(zone),
        "Route 53 has accepted the changes, and has not said that all its name servers have them.",
        remedy="Wait a minute before asking the name servers.",
    )
