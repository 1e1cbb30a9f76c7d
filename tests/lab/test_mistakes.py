"""The mistakes that `dns-migrator confirm` calls by their names: in the delegation, at the servers, in DNSSEC."""

import pytest

from tests.lab.command import Command
from tests.lab.confirming import CLEAN, FINDINGS, RECORDS, UNCHECKED, confirm, expecting, findings
from tests.lab.lab import Lab

MISTAKES = {
    "an address": ("127.0.0.1.", "delegation.ns-is-address"),
    "a slip": ("ns2.exmaple.org.", "delegation.ns-misspelt"),
    "nobody": ("ns.nowhere.example.org.", "delegation.ns-does-not-resolve"),
    "an alias": ("alias.hoster.test.", "delegation.ns-is-cname"),
}


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_a_name_that_is_no_name_server_is_called_what_it_is(
    laboratory: Lab, command: Command, served: str, mistake: str
) -> None:
    lab = laboratory
    name, check = MISTAKES[mistake]
    lab.serve(lab.new, "hoster.test.", "alias CNAME ns1.example.org.")
    lab.delegate("hoster.test.", lab.new.name_servers)
    lab.delegate(served, (lab.new.name_servers[0], name), ttl=1)

    run = confirm(command, lab, served)

    assert run.code == FINDINGS
    assert (check, "error", name) in findings(run)


def test_one_name_server_is_too_few(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.delegate(served, lab.new.name_servers[:1], ttl=1)

    run = command("confirm", served, *expecting(lab.new.name_servers[:1]), "--format", "json")

    assert run.document["stage"] == "switched"
    assert ("delegation.one-name-server", "warning", f"{served} NS") in findings(run)


def test_a_new_server_without_the_zone_is_lame(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.new.servers[1].remove(served)
    lab.delegate(served, lab.new.name_servers, ttl=1)

    run = confirm(command, lab, served)

    assert (run.code, run.document["stage"]) == (FINDINGS, "switched")
    (lame,) = [found for found in run.document["findings"] if found["check"] == "delegation.lame"]
    assert lame["severity"] == "error"
    assert lab.new.addresses[1] in lame["subject"]
    assert "REFUSED" in lame["message"]


def test_a_new_server_that_is_silent_is_unchecked(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.delegate(served, lab.new.name_servers, ttl=1)

    with lab.stopped(lab.new.servers[0]):
        run = confirm(command, lab, served)

    assert (run.code, run.document["stage"]) == (UNCHECKED, "switched")


def test_a_new_zone_that_lists_the_old_servers_is_found(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    lab.serve(lab.new, served, RECORDS, ttl=1, name_servers=lab.old.name_servers)
    lab.delegate(served, lab.new.name_servers, ttl=1)

    run = confirm(command, lab, served, "--from", lab.locator("axfr", served, lab.old.servers[0]))

    assert run.code == FINDINGS
    assert {(check, severity) for check, severity, _ in findings(run)} >= {("delegation.child-ns", "error")}


def test_glue_that_differs_from_the_zone_is_found(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    names = (f"ns1.{served}", f"ns2.{served}")
    hosts = "".join(f"{name} A {address}\n" for name, address in zip(names, lab.new.addresses, strict=True))
    lab.serve(lab.new, served, RECORDS + hosts, ttl=1, name_servers=names)
    glue = {names[0]: [lab.new.addresses[0]], names[1]: [lab.old.addresses[1]]}
    lab.delegate(served, names, ttl=1, glue=glue)

    run = command("confirm", served, *expecting(names), "--format", "json")

    assert run.code == FINDINGS
    assert ("delegation.glue-differs", "error", names[1]) in findings(run)
    assert names[0] not in {subject for _, _, subject in findings(run)}


def test_glue_that_is_missing_is_found(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    names = (f"ns1.{served}", f"ns2.{served}")
    lab.delegate(served, names, ttl=1)

    run = command("confirm", served, *expecting(names), "--format", "json")

    assert run.code == FINDINGS
    assert ("delegation.glue-missing", "error", names[0]) in findings(run)


def test_a_ds_left_behind_is_an_error(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    signed = lab.serve_signed(lab.old, served, RECORDS, ttl=1)
    lab.delegate(served, lab.new.name_servers, ttl=1, ds=[signed.ds])

    run = confirm(command, lab, served)

    assert (run.code, run.document["stage"]) == (FINDINGS, "switched")
    assert {(check, severity) for check, severity, _ in findings(run)} >= {("dnssec.ds-left-behind", "error")}
    assert {tuple(view["ds"]) for view in run.document["parent"]} == {(signed.ds,)}
    assert {view["state"] for view in run.document["resolvers"]} == {"no-answer"}


def test_a_ds_that_would_be_left_behind_is_told_before_the_switch(
    laboratory: Lab, command: Command, served: str
) -> None:
    lab = laboratory
    signed = lab.serve_signed(lab.old, served, RECORDS, ttl=1)
    lab.delegate(served, lab.old.name_servers, ttl=1, ds=[signed.ds])

    run = confirm(command, lab, served)

    assert (run.code, run.document["stage"]) == (FINDINGS, "not-started")
    assert {(check, severity) for check, severity, _ in findings(run)} == {("dnssec.ds-left-behind", "warning")}


def test_a_signed_domain_with_a_ds_that_fits_is_clean(laboratory: Lab, command: Command, served: str) -> None:
    lab = laboratory
    signed = lab.serve_signed(lab.new, served, RECORDS, ttl=1)
    lab.delegate(served, lab.new.name_servers, ttl=1, ds=[signed.ds])

    run = confirm(command, lab, served)

    assert (run.code, run.document["stage"]) == (CLEAN, "switched")
    assert not [check for check, _, _ in findings(run) if check.startswith("dnssec.")]
