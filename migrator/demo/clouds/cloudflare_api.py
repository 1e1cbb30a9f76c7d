"""The operations of the fake Cloudflare: from a request and the accounts to an answer."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from publicsuffixlist import PublicSuffixList

from migrator.demo.clouds.cloudflare_records import Raw, RefusedError
from migrator.demo.clouds.cloudflare_text import export_text, import_text
from migrator.demo.clouds.cloudflare_zones import Account, Token, Zone
from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.service import Request

PREFIX = "/client/v4"
_ZONE_TYPES = "full,partial,secondary"


def success(result: Any, *, info: Mapping[str, int] | None = None) -> Answer:
    envelope = {"result": result, "success": True, "errors": [], "messages": []}
    if info is not None:
        envelope["result_info"] = dict(info)
    return Answer(200, json.dumps(envelope).encode())


def error(status: int, code: int, message: str, *, chain: Any = None, headers: Any = ()) -> Answer:
    problem: Raw = {"code": code, "message": message}
    if chain is not None:
        problem["error_chain"] = chain
    envelope = {"result": None, "success": False, "errors": [problem], "messages": []}
    return Answer(status, json.dumps(envelope).encode(), tuple(headers))


def throttled(retry_after: float | str | None = 1, *, code: int = 971) -> Answer:
    headers = [] if retry_after is None else [("Retry-After", str(retry_after))]
    return error(429, code, "Please wait and consider throttling your request speed", headers=headers)


def gateway(status: int = 502) -> Answer:
    return Answer(status, b"<html><h1>Bad gateway</h1></html>", kind="text/html")


def refused(account: Account, exc: RefusedError) -> Answer:
    if exc.wrapped and account.wrapping:
        chain = [{"code": exc.code, "message": exc.message}]
        return error(exc.status, 1004, "DNS Validation Error", chain=chain)
    return error(exc.status, exc.code, exc.message)


# ---- who asks


@dataclass(frozen=True)
class Caller:
    token: Token

    def may(self, permission: str, zone: Zone | None = None) -> bool:
        seen = zone is None or self.token.sees(zone)
        return seen and permission in self.token.permissions


def caller_of(account: Account, headers: Mapping[str, str]) -> Caller | Answer:
    bearer = headers.get("authorization", "")
    key, email = headers.get("x-auth-key", ""), headers.get("x-auth-email", "")
    if bearer:
        kind, _, secret = bearer.partition(" ")
        if kind != "Bearer" or not re.fullmatch(r"[A-Za-z0-9_-]+", secret):
            chain = [{"code": 6111, "message": "Invalid format for Authorization header"}]
            return error(400, 6003, "Invalid request headers", chain=chain)
        token = account.tokens.get(secret)
        if token is None or not token.valid:
            return error(403, 9109, "Invalid access token")
        return Caller(token)
    if key and email:
        if account.keys.get(email) != key:
            return error(403, 9103, "Unknown X-Auth-Key or X-Auth-Email")
        return Caller(Token())
    return error(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")


_NOT_AUTHENTICATED = error(403, 10000, "Authentication error")


# ---- zones


def _pages(request: Request, found: list[Raw], usual: int, most: int) -> Answer:
    size = min(int(float(request.query.get("per_page", usual))), most)
    page = int(float(request.query.get("page", 1)))
    shown = found[(page - 1) * size : page * size]
    info = {
        "page": page,
        "per_page": size,
        "count": len(shown),
        "total_count": len(found),
        "total_pages": -(-len(found) // size),
    }
    return success(shown, info=info)


def _list_zones(account: Account, request: Request, caller: Caller) -> Answer:
    if not caller.may("zone:read"):
        return success([], info={"page": 1, "per_page": 20, "count": 0, "total_count": 0, "total_pages": 0})
    query = request.query
    types = query.get("type", _ZONE_TYPES).split(",")
    found = [
        zone.shape(account.accounts.get(zone.account, ""))
        for zone in account.listed(caller.token)
        if query.get("name", zone.name) == zone.name
        and query.get("account.id", zone.account) == zone.account
        and query.get("status", zone.status) == zone.status
        and zone.kind in types
    ]
    return _pages(request, found, 20, 100)


def _is_registered(name: str) -> bool:
    """Tell whether the public registers this very name: `example.org.uk`, and not `org.uk` or one below it."""
    return _suffixes().privatesuffix(name) == name


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def _create_zone(account: Account, request: Request, caller: Caller) -> Answer:
    given = request.json()
    name = str(given.get("name", "")).lower()
    owner = str((given.get("account") or {}).get("id", ""))
    if not caller.may("zone:edit") or owner not in account.accounts or not caller.token.sees_account(owner):
        return error(403, 0, "Requires permission 'com.cloudflare.api.account.zone.create' to create zones")
    if name in account.banned:
        return error(400, 1097, "This zone is banned and cannot be added to Cloudflare at this time.")
    if name in account.taken or any(
        (zone.name, zone.account) == (name, owner) and zone.kind != "internal" for zone in account.zones.values()
    ):
        return error(400, 1061, f"{name} already exists")
    if not _is_registered(name):
        message = "Please ensure you are providing the root domain and not any subdomains (e.g., example.com)"
        return error(400, 1116, message)
    zone = account.create(name, account=owner, status="pending", kind=given.get("type", "full"))
    if given.get("jump_start"):
        zone.seed(*({"type": "A", "name": f"guess{n}", "content": "192.0.2.250"} for n in range(150)))
    return success(zone.shape(account.accounts[owner]))


def _get_zone(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return success(zone.shape(account.accounts.get(zone.account, "")))


def _list_accounts(account: Account, request: Request, caller: Caller) -> Answer:
    found = [
        {"id": identifier, "name": name}
        for identifier, name in account.accounts.items()
        if caller.token.sees_account(identifier)
    ]
    return _pages(request, found if caller.may("account:read") else [], 20, 50)


# ---- records


def _list_records(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    query = request.query
    found = [
        record
        for record in zone.records
        if query.get("type", record.get("type")) == record.get("type")
        and query.get("name", record.get("name")) == record.get("name")
    ]
    return _pages(request, found, 100, account.page_cap)


def _create_record(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return success(zone.create(request.json()))


def _overwrite(account: Account, request: Request, caller: Caller, zone: Zone, identifier: str) -> Answer:
    return success(zone.overwrite(identifier, request.json()))


def _update(account: Account, request: Request, caller: Caller, zone: Zone, identifier: str) -> Answer:
    return success(zone.update(identifier, request.json()))


def _delete(account: Account, request: Request, caller: Caller, zone: Zone, identifier: str) -> Answer:
    return success({"id": zone.delete(identifier)["id"]})


def _batch(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    if zone.kind == "secondary":
        return error(400, 1004, "Records of a secondary zone cannot be changed.")
    return success(zone.batch(request.json()))


def _usage(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return success({"record_quota": zone.limit, "record_usage": len(zone.records)})


def _export(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return Answer(200, export_text(zone).encode(), kind="text/plain; charset=utf-8")


def _import(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    parsed, added = import_text(zone, request.body, request.headers.get("content-type", ""))
    return success({"total_records_parsed": parsed, "recs_added": added})


# ---- settings


def _get_settings(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return success(zone.settings)


def _edit_settings(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return success(zone.edit_settings(request.json()))


def _get_dnssec(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return success(zone.dnssec)


def _list_balancers(account: Account, request: Request, caller: Caller, zone: Zone) -> Answer:
    return success(zone.balancers)


_ZONE = r"/zones/([^/]+)"
_RECORD = rf"{_ZONE}/dns_records/([^/]+)"
Act = Callable[..., Answer]
# method, path, operation, permission, what carries it out; those with a zone in the path get it.
ROUTES: list[tuple[str, str, str, str, Act]] = [
    ("GET", "/zones", "ListZones", "", _list_zones),
    ("POST", "/zones", "CreateZone", "", _create_zone),
    ("GET", "/accounts", "ListAccounts", "", _list_accounts),
    ("GET", _ZONE, "GetZone", "zone:read", _get_zone),
    ("GET", f"{_ZONE}/dns_records", "ListRecords", "dns:read", _list_records),
    ("POST", f"{_ZONE}/dns_records", "CreateRecord", "dns:edit", _create_record),
    ("POST", f"{_ZONE}/dns_records/batch", "Batch", "dns:edit", _batch),
    ("GET", f"{_ZONE}/dns_records/usage", "RecordUsage", "dns:read", _usage),
    ("GET", f"{_ZONE}/dns_records/export", "ExportRecords", "dns:read", _export),
    ("POST", f"{_ZONE}/dns_records/import", "ImportRecords", "dns:edit", _import),
    ("PUT", _RECORD, "OverwriteRecord", "dns:edit", _overwrite),
    ("PATCH", _RECORD, "UpdateRecord", "dns:edit", _update),
    ("DELETE", _RECORD, "DeleteRecord", "dns:edit", _delete),
    ("GET", f"{_ZONE}/dns_settings", "GetSettings", "settings:read", _get_settings),
    ("PATCH", f"{_ZONE}/dns_settings", "EditSettings", "settings:edit", _edit_settings),
    ("GET", f"{_ZONE}/dnssec", "GetDnssec", "dns:read", _get_dnssec),
    ("GET", f"{_ZONE}/load_balancers", "ListLoadBalancers", "balancers:read", _list_balancers),
]


def operation_of(method: str, path: str) -> str:
    for wanted, pattern, operation, _, _ in ROUTES:
        if method == wanted and re.fullmatch(pattern, path):
            return operation
    return "Unknown"


def answer(account: Account, request: Request) -> Answer:
    """Carry out a request."""
    caller = caller_of(account, request.headers)
    if isinstance(caller, Answer):
        return caller
    for method, pattern, _, permission, act in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if method != request.method or not found:
            continue
        with account.lock:
            try:
                return _carried_out(account, request, caller, permission, act, found.groups())
            except RefusedError as exc:
                return refused(account, exc)
            except json.JSONDecodeError:
                return error(400, 6007, "Malformed JSON in request body")
    return _unroutable(request)


def _carried_out(
    account: Account, request: Request, caller: Caller, permission: str, act: Act, found: tuple[str, ...]
) -> Answer:
    if not found:
        return act(account, request, caller)
    if not re.fullmatch(r"[0-9a-f]{32}", found[0]):
        return _unroutable(request)
    zone = account.zones.get(found[0])
    if zone is None or not caller.may(permission, zone):
        return _NOT_AUTHENTICATED
    return act(account, request, caller, zone, *found[1:])


def _unroutable(request: Request) -> Answer:
    message = f"Could not route to {PREFIX}{request.path}, perhaps your object identifier is invalid?"
    return error(404, 7003, message)
