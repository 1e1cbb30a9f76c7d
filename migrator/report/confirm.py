"""A judgement of a switch as text: the stage first, then what every server said, and what to do. Pure."""

from collections.abc import Iterator, Sequence

from migrator.clock import Moment, instant
from migrator.cutover.judge import Judgement
from migrator.cutover.look import Look, ServerView, Side, Unasked, explained, names_of, served, signer_set, targets
from migrator.cutover.memory import delegated_set
from migrator.cutover.registrar import Registrar
from migrator.cutover.sides import ResolverState, Tell, tell_apart
from migrator.cutover.stage import Listing, Sets, Stage, listing_of
from migrator.model.delegation import ParentView
from migrator.model.finding import Unchecked
from migrator.model.names import for_people
from migrator.model.phrases import safe, shortened
from migrator.report.confirm_words import distance_to, headline, next_step, stage_name, when
from migrator.report.findings import findings_text, severity_counts
from migrator.report.layout import PLAIN, Palette, columns, table, wrapped

PARENT_HEADERS = ("server", "address", "lists", "TTL", "DS")
SERVER_HEADERS = ("server", "address", "side", "zone", "apex NS", "TTL", "serial")
RESOLVER_HEADERS = ("resolver", "address", "follows", "old", "new", "other", "kept for")


def confirm_text(judgement: Judgement, palette: Palette = PLAIN, *, verbose: bool = False) -> str:
    """Return the report for a terminal."""
    look = judgement.look
    title = f"{safe(for_people(look.domain))}: {stage_name(judgement.stage)}"
    sections = [
        palette.paint(title, stage_style(judgement.stage, palette)),
        wrapped(safe(headline(judgement)), "  "),
        *_tables(judgement, palette),
        *_end(judgement, palette),
        *_remarks(judgement, palette, verbose=verbose),
        f"{_title('Next', palette)}\n{wrapped(safe(next_step(judgement)), '  ')}",
    ]
    return "\n\n".join(sections)


def stage_style(stage: Stage | None, palette: Palette) -> str:
    """Return the style of a stage."""
    if stage is None or stage is Stage.NOT_DELEGATED:
        return palette.error
    return palette.good if stage.is_done else palette.warning


def parent_rows(look: Look) -> list[tuple[str, ...]]:
    """Return a row for each address of the parent's servers."""
    sets = Sets.of(look.expected, look.old)
    return [_parent_row(view, sets) for view in look.delegation.views]


def server_rows(look: Look) -> list[tuple[str, ...]]:
    """Return a row for each address of the name servers of either side."""
    return [_server_row(view, look) for view in look.servers]


def resolver_rows(states: Sequence[ResolverState]) -> list[tuple[str, ...]]:
    """Return a row for each resolver."""
    return [
        (
            state.view.name,
            str(state.view.server),
            str(state.state) if state.view.samples else "not asked",
            str(state.old),
            str(state.new),
            str(state.other),
            "-" if state.remaining_ttl is None else f"{state.remaining_ttl} s",
        )
        for state in states
    ]


def set_lines(look: Look) -> list[str]:
    """Return the sets that are spoken of: `new`, `old`, and whatever else the parent lists."""
    sets = Sets.of(look.expected, look.old)
    lines = [f"new: {_names(sets.expected)}", f"old: {_names(sets.old) or 'not known'}"]
    others = {
        delegated_set(view) or ""
        for view in look.delegation.views
        if listing_of(view, sets) in {Listing.PART, Listing.OTHER}
        or (listing_of(view, sets) is Listing.OLD and delegated_set(view) != sets.old)
    }
    return [*lines, *(f"listed: {_names(other)}" for other in sorted(others))]


def registrar_lines(seen: Registrar | Unasked | None) -> list[str]:
    """Return what the registry says in RDAP, in short."""
    match seen:
        case Registrar():
            listed = (
                None if seen.name_servers is None else ", ".join(for_people(name) for name in seen.name_servers)
            )
            said = [
                ("registrar", seen.registrar),
                ("lists", listed),
                ("status", ", ".join(seen.statuses) or None),
                ("expires", None if seen.expires is None else instant(seen.expires)),
            ]
            return [f"{name}: {found}" for name, found in said if found is not None]
        case _:
            return []


def unchecked_lines(unchecked: Sequence[Unchecked]) -> list[str]:
    """Return a line for each reason why something could not be checked."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for item in unchecked:
        by_reason.setdefault((item.check, item.reason), []).append(item.subject)
    return [f"{', '.join(subjects)}: {reason} ({check})" for (check, reason), subjects in by_reason.items()]


def end_lines(judgement: Judgement) -> list[tuple[str, Moment]]:
    """Return the instants that matter after the switch, each with its name; none before it."""
    named = [
        ("Last stale answer", None if judgement.timing is None else judgement.timing.last_stale),
        ("Old zone may be deleted", judgement.safe),
        ("Recommended", judgement.recommended),
    ]
    return [(name, moment) for name, moment in named if moment is not None]


def not_known_lines(judgement: Judgement) -> list[str]:
    """Return what is not known of the end, and that no time makes up for what stands against the deletion."""
    lines = (
        [] if judgement.timing is None else [f"not known: {text}" for text in judgement.timing.last_stale.unknown]
    )
    return [*lines, _HELD] if judgement.timing is not None and judgement.against_deletion else lines


def _tables(judgement: Judgement, palette: Palette) -> Iterator[str]:
    look = judgement.look
    if look.delegation.views:
        zone = "Parent" if look.delegation.parent is None else f"Parent {for_people(look.delegation.parent)}"
        sets = "\n".join(wrapped(safe(line), "  ", "       ") for line in set_lines(look))
        yield f"{_section(zone, PARENT_HEADERS, parent_rows(look), palette)}\n{sets}"
    if look.servers:
        yield _section("Name servers", SERVER_HEADERS, server_rows(look), palette)
    if look.resolvers:
        tell = tell_apart(look, switched=judgement.timing is not None)
        by = f", told apart by {tell.mark}" if isinstance(tell, Tell) else ""
        yield _section(f"Resolvers{by}", RESOLVER_HEADERS, resolver_rows(judgement.resolvers), palette)
    lines = registrar_lines(look.registrar)
    if lines:
        yield "\n".join(
            [_title("Registry (RDAP)", palette), *(wrapped(safe(line), "  ", "    ") for line in lines)]
        )


def _end(judgement: Judgement, palette: Palette) -> Iterator[str]:
    if judgement.timing is None:
        return
    lines = [_title("When old answers end", palette)]
    for name, moment in end_lines(judgement):
        at = palette.paint(when(moment), palette.strong)
        lines.append(f"  {name}: {at} ({distance_to(moment.at, judgement.at)})")
        lines.append(wrapped(f"= {moment.formula}", "    ", "      "))
    lines += [wrapped(line, "    ", "      ") for line in not_known_lines(judgement)]
    yield "\n".join(lines)


def _remarks(judgement: Judgement, palette: Palette, *, verbose: bool) -> Iterator[str]:
    if judgement.findings:
        counts = severity_counts(judgement.findings)
        # A notice is read here, not counted: there are few, and each says something about this very switch.
        words = findings_text(judgement.findings, palette, verbose=True)
        yield f"{_title(f'Findings: {counts}', palette)}\n{words}"
    if judgement.unchecked:
        reasons = unchecked_lines(judgement.unchecked)
        shown = reasons if verbose else reasons[:_SHOWN]
        lines = [wrapped(safe(line), "  ", "    ") for line in shown]
        if len(shown) < len(reasons):
            lines.append(f"  and {len(reasons) - len(shown)} more (--verbose shows them)")
        yield "\n".join([_title("Not checked", palette), *lines])


def _parent_row(view: ParentView, sets: Sets) -> tuple[str, ...]:
    listing, delegation, signers = listing_of(view, sets), view.delegation(), signer_set(view)
    failed = listing in {Listing.FAILED, Listing.SILENT, Listing.NOT_ASKED}
    name = view.server.name
    tags = "?" if signers is None else ", ".join(str(ds.key_tag) for ds in signers) or "-"
    return (
        "-" if name is None else safe(for_people(name)),
        view.server.address or "-",
        explained(view.ns) if failed else str(listing),
        "-" if delegation is None else str(delegation.ttl),
        tags,
    )


def _server_row(view: ServerView, look: Look) -> tuple[str, ...]:
    ns, soa = served(view.ns), served(view.soa)
    name = view.server.name
    serial = "-" if soa is None else ", ".join(str(getattr(found, "serial", "?")) for found in soa.rdatas)
    return (
        "-" if name is None else safe(for_people(name)),
        view.server.address,
        str(view.side),
        explained(view.soa) if soa is None else "served",
        "-" if ns is None else _apex_word(view, look),
        "-" if ns is None else str(ns.ttl),
        serial,
    )


def _apex_word(view: ServerView, look: Look) -> str:
    listed = names_of(targets(served(view.ns)))
    if listed == names_of(look.expected):
        return str(Side.NEW)
    if look.old and listed == names_of(look.old):
        return str(Side.OLD)
    return "part" if listed & names_of(look.expected) else str(Side.OTHER)


def _section(name: str, headers: tuple[str, ...], rows: Sequence[tuple[str, ...]], palette: Palette) -> str:
    return f"{_title(name, palette)}\n{table(headers, rows, '  ')}"


def _title(text: str, palette: Palette) -> str:
    return palette.paint(shortened(safe(text), columns()), palette.strong)


def _names(text: str) -> str:
    return ", ".join(name.rstrip(".") for name in text.split())


_HELD = "no moment is safe for the deletion of the old zone yet: see Next"
_SHOWN = 8
