"""The command lines that show what a check saw: `dig` for questions and probes, others for the rest. Pure."""

import shlex

from dns.rdatatype import RdataType

from migrator.checks.asks import Ask, Fetch, Handshake, Probe, ProbeKind, Registration, ask_of
from migrator.checks.points import Evidence, Noted
from migrator.model.locator import DNS_PORT
from migrator.model.names import text_of
from migrator.model.observation import Question, Server, Transport

_PROBES = {
    ProbeKind.PLAIN: ("+noedns",),
    ProbeKind.EDNS: ("+bufsize=512", "+nocookie"),
    ProbeKind.EDNS_VERSION: ("+edns=1", "+noednsnegotiation", "+nocookie"),
    ProbeKind.EDNS_OPTION: ("+ednsopt=65001", "+nocookie"),
    ProbeKind.EDNS_FLAGS: ("+ednsflags=0x40", "+nocookie"),
    ProbeKind.MIXED_CASE: (),
    ProbeKind.TRANSFER: (),
}


def command_of(evidence: Evidence) -> str:
    """Return the command line that shows the same; empty for what is no answer of somebody."""
    return "" if isinstance(evidence, Noted) else command_for(ask_of(evidence))


def command_for(ask: Ask) -> str:
    """Return the command line that asks the same."""
    match ask:
        case Question():
            return _dig(ask.server, ask.qname.to_text(), RdataType.to_text(ask.rdtype), _flags(ask))
        case Probe(kind=ProbeKind.TRANSFER):
            return _dig(ask.server, ask.qname.to_text(), "AXFR", ())
        case Probe():
            return _dig(ask.server, ask.qname.to_text(), "SOA", ("+norecurse", *_PROBES[ask.kind]))
        case Fetch():
            host = text_of(ask.host).rstrip(".")
            address = f"[{ask.address}]" if ":" in ask.address else ask.address
            return _joined("curl", "-v", "--resolve", f"{host}:443:{address}", f"https://{host}{ask.path}")
        case Handshake():
            host = text_of(ask.host).rstrip(".")
            address = f"[{ask.address}]" if ":" in ask.address else ask.address
            return _joined("openssl", "s_client", "-connect", f"{address}:{ask.port}", "-servername", host)
        case Registration():
            return _joined("curl", "-L", f"https://rdap.org/domain/{text_of(ask.domain).rstrip('.')}")


def own_command(*words: str) -> str:
    """Return a command line of this program, as one types it: locators have characters that shells take."""
    return _joined("dns-migrator", *words)


def _flags(question: Question) -> tuple[str, ...]:
    wanted = {
        "+norecurse": not question.recursion_desired,
        "+dnssec": question.dnssec_ok,
        "+cdflag": question.checking_disabled,
        "+tcp": question.transport is Transport.TCP,
    }
    return tuple(flag for flag, is_set in wanted.items() if is_set)


def _dig(server: Server, qname: str, rdtype: str, flags: tuple[str, ...]) -> str:
    port = () if server.port == DNS_PORT else ("-p", str(server.port))
    # Of a server whose address nobody told there is the name.
    whom = server.address or ("" if server.name is None else text_of(server.name).rstrip("."))
    return _joined("dig", *flags, *port, f"@{whom}", qname, rdtype)


def _joined(*words: str) -> str:
    return shlex.join(words)
