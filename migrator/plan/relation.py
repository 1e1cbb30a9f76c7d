"""How a target belongs to its source: another provider, the same account, or the very zone. No IO here."""

from dns.name import Name

from migrator.model.locator import Locator, parse
from migrator.model.names import folded
from migrator.model.zone import ZoneSnapshot
from migrator.translate import Relation, scheme_of

# They tell zones of one account apart; all other options tell accounts apart.
_WITHIN_ACCOUNT = frozenset({"zone-id", "private", "vpc-id", "resource-group", "origin"})


def relation_of(source: ZoneSnapshot, existing: ZoneSnapshot | None, target: Locator) -> Relation:
    """Return what comes along: what is bound to the zone, to the account, or neither.

    Two zones of one name have different name servers at every provider that assigns any, so the same zone at the
    same provider is known by them; a backup of the target is so known for what it is.
    """
    scheme = scheme_of(source)
    if scheme != target.scheme or scheme == "file":
        return Relation.FOREIGN
    if (
        existing is not None
        and source.name_servers
        and _names(source.name_servers) == _names(existing.name_servers)
    ):
        return Relation.SAME_ZONE
    origin = parse(source.source, {scheme}, lambda _: False)
    return Relation.SAME_ACCOUNT if _account(origin) == _account(target) else Relation.FOREIGN


def _names(names: tuple[Name, ...]) -> set[tuple[bytes, ...]]:
    return {folded(name) for name in names}


def _account(locator: Locator) -> dict[str, str]:
    return {name: found for name, found in locator.options.items() if name not in _WITHIN_ACCOUNT}
