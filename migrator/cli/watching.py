"""How `--watch` shows what it sees: drawn again on a terminal, a line for each change elsewhere."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from migrator.cli import screen
from migrator.codec import jsontext
from migrator.codec.confirm import document
from migrator.cutover.judge import Judgement
from migrator.report.confirm_watch import Watched, stage_line, watch_view
from migrator.report.layout import Palette

Show = Callable[[Judgement, list[str]], None]


def follow(judgements: Iterator[Judgement], palette: Palette, *, as_json: bool) -> Judgement:
    """Show look after look until they end, or the person ends them or reads no more, and return the last one.

    Raises KeyboardInterrupt where there was no look yet.
    """
    watched = Watched()
    with _ended_like_ctrl_c(), _display(palette, as_json=as_json) as show:
        try:
            for judgement in judgements:
                show(judgement, watched.news(judgement))
                if not screen.is_read():
                    break
        except KeyboardInterrupt:
            if watched.last is None:
                raise
            screen.note(f"The watch was ended. {stage_line(watched.last)}")
    assert watched.last is not None
    return watched.last


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let a polite end from outside, or a closed terminal, leave the screen in order and the last stage said.

    What somebody chose to ignore (`nohup`) stays ignored.
    """
    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ours = [number for number in known if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def _display(palette: Palette, *, as_json: bool) -> Iterator[Show]:
    if as_json:
        yield _print_json
    elif sys.stdout.isatty():
        with _drawn(palette) as show:
            yield show
    else:
        yield _print_lines


def _print_lines(_: Judgement, news: list[str]) -> None:
    for line in news:
        screen.emit(line, None)


def _print_json(judgement: Judgement, news: list[str]) -> None:
    if news:
        screen.emit(jsontext.dumps(document(judgement)), None)


@contextmanager
def _drawn(palette: Palette) -> Iterator[Show]:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    told: list[str] = []
    with Live(console=Console(), auto_refresh=False, vertical_overflow="crop") as live:

        def show(judgement: Judgement, news: list[str]) -> None:
            told.extend(news)
            live.update(Text.from_ansi(watch_view(judgement, told, palette)), refresh=True)

        yield show
