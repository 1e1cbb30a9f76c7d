"""The order of changes: no gap where one name changes its type, and nothing before what it needs."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from migrator.model.change import Change, Create, Delete, Replace
from migrator.model.extras import Alias
from migrator.model.names import absolute
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of
from providers.azure.ordering import Unit, phases
from tests.providers.azure_reading import ORIGIN, rrset


def alias(owner: str, target: str) -> RRset:
    return rrset(owner, "A", 300, extras=(Alias(absolute(target, ORIGIN), "id"),))


def shown(changes: Sequence[Change]) -> list[list[str]]:
    """Each phase as its units: what makes room, `>`, what follows."""
    return [sorted(map(_unit, units)) for units in phases(changes)]


def _unit(unit: Unit) -> str:
    room = " ".join(map(_change, unit.room))
    return f"{room} > {' '.join(map(_change, unit.changes))}" if room else " ".join(map(_change, unit.changes))


def _change(change: Change) -> str:
    sign = {Create: "+", Replace: "*", Delete: "-"}[type(change)]
    found = change.existing if isinstance(change, Delete) else change.desired
    return sign + subject_of(found.key).replace(".example.com.", "").replace(" ", "/")


def test_only_the_deletes_that_make_room_come_first_and_just_before_what_they_make_room_for() -> None:
    changes: list[Change] = [
        Delete(rrset("www", "CNAME", 300, "lb.example.net.")),
        Create(rrset("www", "A", 300, "192.0.2.1")),
        Create(rrset("www", "AAAA", 300, "2001:db8::1")),
        Delete(rrset("ftp", "A", 300, "192.0.2.1")),
        Delete(rrset("ftp", "AAAA", 300, "2001:db8::1")),
        Create(rrset("ftp", "CNAME", 300, "lb.example.net.")),
        Delete(rrset("old", "A", 300, "192.0.2.1")),
        Create(rrset("new", "A", 300, "192.0.2.1")),
        Delete(rrset("new", "TXT", 300, '"x"')),
    ]
    assert shown(changes) == [
        ["+new/A", "-ftp/A -ftp/AAAA > +ftp/CNAME", "-www/CNAME > +www/A +www/AAAA"],
        ["-new/TXT", "-old/A"],
    ]


def test_a_delegation_comes_before_its_ds_and_goes_after_it() -> None:
    ns, ds = rrset("child", "NS", 300, "ns1.example.net."), rrset("child", "DS", 300, "1 13 2 " + "ab" * 32)
    assert shown([Create(ds), Create(ns)]) == [["+child/NS +child/DS"]]
    assert shown([Replace(ds, ds), Create(ns)]) == [["+child/NS *child/DS"]]
    assert shown([Delete(ns), Delete(ds)]) == [["-child/DS -child/NS"]]


def test_aliases_come_after_the_sets_that_they_lead_to_and_go_before_them() -> None:
    first, second, end = alias("a", "b"), alias("b", "c"), rrset("c", "A", 300, "192.0.2.1")
    assert shown([Create(first), Create(second), Create(end)]) == [["+c/A"], ["+b/A"], ["+a/A"]]
    assert shown([Delete(end), Delete(second), Delete(first)]) == [["-a/A"], ["-b/A"], ["-c/A"]]
    elsewhere = alias("d", "e")
    assert shown([Create(elsewhere), Create(end)]) == [["+c/A", "+d/A"]]


def test_aliases_that_lead_to_each_other_have_an_end() -> None:
    assert shown([Create(alias("a", "b")), Create(alias("b", "a"))]) == [["+a/A", "+b/A"]]


def test_nothing_to_do_is_no_phase() -> None:
    assert phases([]) == ()


_values = {"A": "192.0.2.1", "CNAME": "x.example.net.", "NS": "ns.example.net.", "DS": "1 13 2 " + "ab" * 32}


@st.composite
def changes(draw: st.DrawFn) -> list[Change]:
    keys = draw(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(sorted(_values))), unique=True))
    found: list[Change] = []
    for owner, rdtype in keys:
        one = alias(owner, draw(st.sampled_from("abc"))) if draw(st.booleans()) and rdtype == "A" else None
        made = one or rrset(owner, rdtype, 300, _values[rdtype])
        kinds: list[Change] = [Create(made), Replace(made, made), Delete(made)]
        found.append(draw(st.sampled_from(kinds)))
    return found


@given(changes())
def test_every_change_is_made_once_whatever_the_order(found: list[Change]) -> None:
    made = [change for units in phases(found) for unit in units for change in (*unit.room, *unit.changes)]
    assert sorted(made, key=repr) == sorted(found, key=repr)
    for units in phases(found):
        owners = [{_owner(change) for change in (*unit.room, *unit.changes)} for unit in units]
        assert all(len(names) == 1 for names in owners)
        assert len({next(iter(names)) for names in owners}) == len(owners)


def _owner(change: Change) -> str:
    return str((change.existing if isinstance(change, Delete) else change.desired).owner)
