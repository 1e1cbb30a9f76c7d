"""Runs the demo from beginning to end: the folder, the servers, the story, the summary."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from migrator.demo.folder import prepare
from migrator.demo.internet import (
    NEW_ADDRESSES,
    OLD_ADDRESSES,
    RDAP_ADDRESS,
    REGISTRY_ADDRESSES,
    RESOLVERS,
    ROOT_ADDRESS,
    Internet,
    snapshot_of,
)
from migrator.demo.journey import STEPS
from migrator.demo.samples import sample_zones
from migrator.demo.telling import PROFILE_VARIABLE, Teller, tell
from migrator.report.layout import Palette, wrapped

_PARTS = (
    ("root", (ROOT_ADDRESS,)),
    ("registry of org.", REGISTRY_ADDRESSES),
    ("old provider, oldhost.test", OLD_ADDRESSES),
    ("new provider, newhost.test", NEW_ADDRESSES),
    ("registrar (RDAP)", (RDAP_ADDRESS,)),
    ("two resolvers", tuple(RESOLVERS.values())),
)
_FILES = (
    ("backup/", "the zone as a zone file and as lossless JSON"),
    ("reports/", "the comparisons and the switch as text, Markdown, JSON"),
    ("*.zone", "the zones; new-incomplete.zone and missing.zone are new.zone"),
    ("network.toml", "the network profile: the way to this small internet"),
    ("dns-migrator.db", "what `confirm` saw, and when"),
    ("journey.txt", "what stood on the screen, uncut"),
)
_SHOWN = (
    "The backup was read back and compared before it was called one.",
    "Three gaps were found and mended before anybody's mail was lost.",
    "The new name servers were asked themselves, each for every name.",
    "The switch was read from each name server of the parent, and from TTLs when old answers end.",
)
_OWN_ZONE = (
    ("dns-migrator export FILE.zone", "or axfr:ZONE@SERVER, route53:ZONE"),
    ("dns-migrator diff OLD NEW", "two of these, or dns:ZONE@SERVER"),
    ("dns-migrator confirm ZONE --expect NS", "whom does the parent list?"),
)


def run(folder: Path, *, palette: Palette, quiet: bool, pause: Callable[[], None], keep_running: bool) -> None:
    """Tell the whole story in this folder; raises StoryError where it does not hold.

    `pause` is called after each step. `keep_running` leaves the servers to the person until Ctrl-C.
    """
    samples = sample_zones()
    old_zone = snapshot_of((samples / "old-provider.zone").read_text("utf-8"), "old-provider.zone")
    # The servers first: where they cannot run, nothing is left behind.
    with Internet(old_zone) as internet:
        prepare(folder, samples)
        internet.write_profile(folder)
        with (folder / "journey.txt").open("w", encoding="utf-8") as transcript:
            teller = Teller(None if quiet else sys.stdout, transcript, palette)
            _introduce(folder, internet, teller)
            tell(STEPS, folder, internet, teller, pause)
            _summarise(folder, teller)
        if keep_running:
            _keep_running(folder, palette)


def _introduce(folder: Path, internet: Internet, teller: Teller) -> None:
    teller.say("example.org moves from one DNS provider to another", teller.palette.strong)
    teller.say()
    teller.say(
        wrapped(
            "Everything below runs on this machine: name servers inside this program play the parts of an "
            f"internet on loopback addresses, port {internet.port}. Nothing is asked of the real one, and nothing "
            "is written outside the folder of the demo."
        )
    )
    teller.say()
    for part, addresses in _PARTS:
        teller.say(f"    {part:<28}{', '.join(addresses)}")
    teller.say()
    teller.say(wrapped("A line that begins with $ is what you would type. It is run as it stands, after these:"))
    teller.say()
    teller.say(f"$ cd {folder}\n$ export {PROFILE_VARIABLE}=network.toml\n", teller.palette.strong)


def _summarise(folder: Path, teller: Teller) -> None:
    teller.say("What was shown\n--------------", teller.palette.strong)
    for line in _SHOWN:
        teller.say(wrapped(line, "  * ", "    "))
    teller.say(f"\nWhat lies in {folder}/", teller.palette.strong)
    for name, what in _FILES:
        teller.say(f"  {name:<17}{what}")
    teller.say("\nWith a zone of your own", teller.palette.strong)
    for words, what in _OWN_ZONE:
        teller.say(f"  {words:<40}{what}")
    teller.say()
    teller.say(
        wrapped(
            f"The diffs above can be typed again in {folder}; `dns-migrator demo --keep-running` leaves the name "
            "servers to you as well."
        )
    )


def _keep_running(folder: Path, palette: Palette) -> None:
    out: TextIO = sys.stdout
    print(palette.paint("The servers go on until Ctrl-C. In another terminal:", palette.strong), file=out)
    print(f"\n  cd {folder.resolve()}\n  export {PROFILE_VARIABLE}=network.toml\n", file=out, flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print(file=out)
