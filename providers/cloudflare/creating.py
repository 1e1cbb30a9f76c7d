"""Makes a zone: in the one account there is, of type full, and without Cloudflare's own guess at its records."""

from migrator.errors import InputError, ProviderError
from providers.cloudflare.answers import Native, mapping, text
from providers.cloudflare.discovery import Wanted, Zone, look, zone_of
from providers.cloudflare.names import owner_text
from providers.cloudflare.patience import PATIENCE
from providers.cloudflare.service import LostAnswerError, Request, Service
from providers.naming import printable

_ACCOUNTS_PER_PAGE = 50
_TRIES = 3
_ACTION = "create the zone"
# "example.com already exists", seen in 2019 and later.
_EXISTS = frozenset({1061, 1105})


def create_zone(service: Service, asked: Wanted, account: str) -> Zone:
    """Create the zone and return it; one that is there already is returned as it is.

    Raises ProviderError where Cloudflare refuses.
    """
    # With jump_start the service would look up names that it finds likely, and fill the zone with what it is
    # answered: under a wildcard hundreds of records that nobody wrote.
    body = {
        "name": owner_text(asked.name),
        "account": {"id": account},
        "type": "full",
        "jump_start": False,
    }
    for attempt in range(1, _TRIES + 1):
        try:
            reply = service.send(Request("POST", "/zones", _ACTION, body=body))
        except LostAnswerError as lost:
            zone = look(service, asked)
            if zone is not None:
                return zone
            if attempt == _TRIES:
                raise lost.error_after(attempt) from lost
            service.wait(PATIENCE.after(attempt), said=False)
            continue
        if reply.accepted:
            return zone_of(reply.result_object(), reply.body)
        zone = look(service, asked) if reply.codes & _EXISTS else None
        if zone is None:
            raise service.refusal(reply, _ACTION)
        return zone
    raise AssertionError


def account_for(service: Service, asked: Wanted) -> str:
    """Return the account to make a zone in: the one that the locator names, else the only one that is seen.

    Raises InputError with the list where there are several.
    """
    if asked.account is not None:
        return asked.account
    accounts = {text(native.get("id")): text(native.get("name")) for native in _accounts(service)}
    if len(accounts) == 1:
        return next(iter(accounts))
    zone = asked.name.to_text(omit_final_dot=True)
    if not accounts:
        raise InputError(
            f"{asked.locator.text}: the zone is not there, and to create it the account must be named: "
            f"'cloudflare:{zone}?account-id=ID'. The dashboard shows the id of an account in the address of its "
            "page."
        )
    lines = [
        f"  'cloudflare:{zone}?account-id={identifier}'  \"{printable(name)}\""
        for identifier, name in accounts.items()
    ]
    heading = f"{asked.locator.text}: the zone is not there, and could be created in {len(accounts)} accounts:"
    raise InputError("\n".join([heading, *lines]))


def _accounts(service: Service) -> list[Native]:
    """Return the accounts that are seen; a token may lack the right to list them, and have zones in one."""
    request = Request("GET", "/accounts", "list the accounts", {"per_page": _ACCOUNTS_PER_PAGE})
    reply = service.send(request)
    found = [mapping(native) for native in reply.result_list() or ()] if reply.accepted else []
    if found:
        return found
    zones = service.get("/zones", "list zones", {"per_page": _ACCOUNTS_PER_PAGE})
    found = [mapping(mapping(native).get("account")) for native in zones.result_list() or ()]
    return [account for account in found if account.get("id")]


def refuse_unwritable(zone: Zone) -> None:
    """Raise ProviderError for a zone whose records nobody can write here."""
    if zone.kind == "secondary":
        raise ProviderError(
            "Cloudflare: the zone is secondary: its records come by zone transfer from its primary, and can be "
            "changed only there. Convert it to a primary zone first, or write to its primary."
        )
