"""The laboratory for a person: two domains to move, and actions to type in another terminal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.lab.lab import DELEGATION_TTL, Lab, Provider
from tests.lab.registry import Delegated
from tests.lab.servers import Authority
from tests.lab.waiting import LabError

PLAIN, SIGNED, CHILD = "example.test.", "example.com.", "shop.example.test."
_PARKED = ("ns1.parking.example.", "ns2.parking.example.")

_WEB_AND_MAIL = """\
@ A 192.0.2.10
www CNAME @
mail A 192.0.2.25
@ MX 10 mail
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
"""
_FORGOTTEN = """\
s1._domainkey TXT "v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEAq8N1bCPG3Fv0wJqHVXfVd2K0mkYzGqzqz0sJ3xk0W1Y="
autodiscover CNAME mail
_imaps._tcp SRV 0 1 993 mail
"""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can happen to the laboratory, and what it takes."""

    takes: str
    help: str
    run: Callable[["Play", str], str]


class Play:
    """A laboratory with `example.test` (unsigned) and `example.com` (signed) at the old provider.

    The new provider has both, but of `example.test` not all, and `example.com` unsigned.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        glue = f"ns1.{CHILD} A {lab.operator.addresses[0]}"
        self._complete = f"{_WEB_AND_MAIL}{_FORGOTTEN}{CHILD} NS ns1.{CHILD}\n{glue}\n"
        lab.serve(lab.old, PLAIN, self._complete, ttl=30)
        lab.serve(lab.new, PLAIN, _WEB_AND_MAIL, ttl=30)
        lab.serve_child(CHILD, f"{glue}\n@ A 192.0.2.80\n", [f"ns1.{CHILD}"])
        signed = lab.serve_signed(lab.old, SIGNED, _WEB_AND_MAIL, ttl=30)
        lab.serve(lab.new, SIGNED, _WEB_AND_MAIL, ttl=30)
        lab.delegate(PLAIN, lab.old.name_servers)
        lab.delegate(SIGNED, lab.old.name_servers, ds=[signed.ds])
        for domain in (PLAIN, SIGNED):
            lab.rdap.tell(domain, lab.old.name_servers, signed=domain == SIGNED)

    def switch(self, domain: str) -> str:
        return self._delegate(domain, self.lab.new)

    def back(self, domain: str) -> str:
        return self._delegate(domain, self.lab.old)

    def half(self, domain: str) -> str:
        known = self._known(domain)
        wanted = Delegated(self.lab.new.name_servers, DELEGATION_TTL, known.ds)
        self.lab.registry.delegate(domain, wanted, everywhere=False)
        return f"{domain} One of two parent servers lists the new name servers, the other one what it had."

    def placeholder(self, domain: str) -> str:
        self.lab.delegate(domain, _PARKED, ds=self._known(domain).ds)
        return f"{domain} Every parent server lists {_listed(_PARKED)}."

    def unsign(self, domain: str) -> str:
        known = self._known(domain)
        self.lab.delegate(domain, known.name_servers)
        return f"{domain} The parent has no DS any more."

    def withdraw(self, domain: str) -> str:
        self._known(domain)
        self.lab.registry.withdraw(domain)
        return f"{domain} The parent has no such name any more."

    def mend(self, domain: str) -> str:
        if domain != PLAIN:
            raise LabError(f"only {PLAIN} lacks anything at the new provider")
        self.lab.serve(self.lab.new, PLAIN, self._complete, ttl=30)
        return f"{domain} The new provider has all records now."

    def stop(self, name: str) -> str:
        self._server(name).stop()
        return f"{name} is stopped."

    def start(self, name: str) -> str:
        server = self._server(name)
        server.start()
        server.wait_until_it_answers()
        return f"{name} runs."

    def status(self, _: str) -> str:
        lines = [
            f"{server.name:13}{'runs' if server.daemon.is_alive() else 'stopped':9}{', '.join(server.addresses)}"
            for server in self.lab.authorities()
        ]
        for domain in (PLAIN, SIGNED):
            known = self.lab.registry.delegated(domain)
            lines.append(f"{domain:13}{_listed(known.name_servers) if known else 'not delegated'}")
        return "\n".join(lines)

    def perform(self, line: str) -> str:
        """Do what a line says, `switch example.test`, and return what has happened."""
        name, _, argument = line.strip().partition(" ")
        action = ACTIONS.get(name)
        if action is None or bool(argument) != bool(action.takes):
            raise LabError(f"{line.strip()}: no such action. There are:\n{actions_help()}")
        if action.takes == "DOMAIN":
            argument = argument.rstrip(".") + "."
        return action.run(self, argument)

    def _delegate(self, domain: str, provider: Provider) -> str:
        self.lab.delegate(domain, provider.name_servers, ds=self._known(domain).ds)
        self.lab.rdap.tell(domain, provider.name_servers, signed=bool(self._known(domain).ds))
        return f"{domain} Every parent server lists {_listed(provider.name_servers)}."

    def _known(self, domain: str) -> Delegated:
        if domain not in {PLAIN, SIGNED}:
            raise LabError(f"{domain} is not for playing: {PLAIN} and {SIGNED} are")
        return self.lab.registry.delegated(domain) or Delegated((), DELEGATION_TTL)

    def _server(self, name: str) -> Authority:
        for server in self.lab.authorities():
            if server.name == name:
                return server
        raise LabError(f"{name}: no such server; `status` lists them")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.rstrip(".") for name in names)


ACTIONS: Mapping[str, Action] = {
    "status": Action("", "show the servers and the delegations", Play.status),
    "switch": Action("DOMAIN", "let every parent server list the new name servers", Play.switch),
    "half": Action("DOMAIN", "let one of two parent servers list them", Play.half),
    "back": Action("DOMAIN", "let every parent server list the old name servers", Play.back),
    "placeholder": Action("DOMAIN", "let them list neither", Play.placeholder),
    "withdraw": Action("DOMAIN", "take the delegation away", Play.withdraw),
    "unsign": Action("DOMAIN", "take the DS away from the parent", Play.unsign),
    "mend": Action("DOMAIN", "give the new provider the records that it lacks", Play.mend),
    "stop": Action("SERVER", "stop a server", Play.stop),
    "start": Action("SERVER", "start it again", Play.start),
}


def actions_help() -> str:
    """Return a line for each action."""
    return "\n".join(f"  {f'{name} {action.takes}':20}{action.help}" for name, action in ACTIONS.items())


def introduction(lab: Lab, command: Path, python: str) -> str:
    """Return the commands to try."""
    old, new = lab.old.addresses[0], ",".join(lab.new.addresses)
    expected = " ".join(f"--expect {name.rstrip('.')}" for name in lab.new.name_servers)
    resolvers = "\n".join(
        f"  dig @{r.address} -p {r.port} www.example.test      # through {r.name}" for r in lab.resolvers
    )
    return f"""\
A miniature internet runs in {lab.folder}, authoritative servers on port {lab.port}.
Ctrl-C ends it. In another terminal:

  export DNS_MIGRATOR_NETWORK={lab.profile}
  cd "$(mktemp -d)"

  {command} export axfr:example.test@{old}
  {command} diff axfr:example.test@{old} dns:example.test@{new}
  {command} confirm example.test {expected}
  {command} confirm example.com {expected}

  dig @{lab.registry.first.addresses[0]} -p {lab.port} example.test NS +norecurse
{resolvers}

Let something happen, from the folder of the repository: {python} -m tests.lab ACTION
{actions_help()}
"""
