"""Runs the demo from beginning to end: the folder, the servers, the story, the summary."""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TextIO

from migrator.demo.accounts import SETTINGS_FILE, Accounts
from migrator.demo.folder import prepared
from migrator.demo.hierarchy import snapshot_of
from migrator.demo.internet import (
    CDN_ADDRESS,
    NEW_HOSTS,
    OLD_HOSTS,
    OTHERS_ADDRESS,
    RDAP_ADDRESS,
    REGISTRY_ADDRESSES,
    RESOLVERS,
    ROOT_ADDRESS,
    Internet,
)
from migrator.demo.journey import STEPS, World
from migrator.demo.program import of_environment, typed
from migrator.demo.samples import sample_zones
from migrator.demo.telling import Teller, tell
from migrator.model.zone import ZoneSnapshot
from migrator.report.layout import Palette, wrapped

_PARTS = (
    ("root", (ROOT_ADDRESS,)),
    ("registry of org. and others", REGISTRY_ADDRESSES),
    ("old provider, Route 53", tuple(OLD_HOSTS.values())),
    ("new provider, Cloudflare", tuple(NEW_HOSTS.values())),
    ("network of the web site", (CDN_ADDRESS,)),
    ("example.net, newsletters", (OTHERS_ADDRESS,)),
    ("registrar (RDAP)", (RDAP_ADDRESS,)),
    ("two resolvers", tuple(RESOLVERS.values())),
)
_FILES = (
    ("backup/", "the zone of Route 53 as a zone file and as lossless JSON"),
    ("backups/", "what each import found at its target before it wrote"),
    ("report.html", "the move on one page, for whoever wants to know"),
    ("reports/", "the comparisons and the switch as text, Markdown, JSON"),
    ("network.toml", "the network profile: the way to this small internet"),
    (SETTINGS_FILE, "that profile and the made-up keys, for a shell"),
    ("dns-migrator.db", "what `confirm` saw, and the journal of each import"),
    ("journey.txt", "what stood on the screen, uncut"),
)
_SHOWN = (
    "The backup was read back and compared before it was called one.",
    "Gaps were found before anybody's mail was lost, and closed by an import.",
    "Every record was accounted for, and each loss was told before the first write.",
    "The new name servers were asked themselves, each for every name.",
    "The switch was read from each name server of the parent, and from TTLs when old answers end.",
    "What was written back was undone from its journal.",
)
_OWN_ZONE = (
    ("dns-migrator export route53:ZONE", "or azure:, cloudflare:, axfr:, a file"),
    ("dns-migrator diff OLD NEW", "two of these, or dns:ZONE@SERVER"),
    ("dns-migrator import OLD NEW", "the plan; --yes writes it"),
    ("dns-migrator confirm ZONE --to NEW", "whom does the parent list?"),
    ("dns-migrator run ZONE --from A --to B", "all of it, for the days it takes"),
)


def run(folder: Path, *, palette: Palette, quiet: bool, pause: Callable[[], None], keep_running: bool) -> None:
    """Tell the whole story in this folder; raises StoryError where it does not hold.

    `pause` is called after each step. `keep_running` leaves the servers to the person until Ctrl-C.
    """
    old, new = sample("old-provider.zone"), sample("new-provider-incomplete.zone")
    # The servers first: where they cannot run, nothing is left behind.
    with (
        closing(Accounts(old, new)) as accounts,
        closing(Internet(accounts.old, accounts.new)) as internet,
        prepared(folder),
    ):
        internet.write_profile(folder)
        accounts.write_settings(folder, of_environment(Path(sys.executable)))
        with (folder / "journey.txt").open("w", encoding="utf-8") as transcript:
            teller = Teller(None if quiet else sys.stdout, transcript, palette)
            _introduce(folder, internet, teller)
            tell(STEPS, folder, World(accounts, internet), teller, pause)
            _summarise(folder, teller)
            if not keep_running:
                _mention_keep_running(teller)
        if keep_running:
            _keep_running(folder, palette)


def sample(name: str) -> ZoneSnapshot:
    """Return one of the sample zones."""
    return snapshot_of((sample_zones() / name).read_text("utf-8"), name)


def _introduce(folder: Path, internet: Internet, teller: Teller) -> None:
    teller.say("example.org moves from Route 53 to Cloudflare", teller.palette.strong)
    teller.say()
    teller.say(
        wrapped(
            "Everything below runs on this machine: this program plays the parts of an internet on loopback "
            f"addresses, port {internet.port}, and those of Route 53 and Cloudflare over HTTP. Nothing is asked "
            "of the real ones, no key of yours is used, and nothing is written outside the folder of the demo."
        )
    )
    teller.say()
    for part, addresses in _PARTS:
        teller.say(f"    {part:<28}{', '.join(addresses)}")
    teller.say()
    teller.say(
        wrapped(
            "A line that begins with $ is what you would type. It is run as it stands, after these; "
            f"{SETTINGS_FILE} names this internet, and has made-up keys for the two accounts:"
        )
    )
    teller.say()
    teller.say(f"$ cd {folder}\n$ . ./{SETTINGS_FILE}\n", teller.palette.strong)


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
    teller.say(f"\nThe report: {(folder / 'report.html').resolve().as_uri()}", teller.palette.strong)


def _mention_keep_running(teller: Teller) -> None:
    program = typed(of_environment(Path(sys.executable)), os.environ.get("PATH", ""), Path.cwd())
    teller.say()
    teller.say(
        wrapped(
            f"`{program} demo --keep-running` leaves the servers and the accounts to you, to type these "
            "commands again and others."
        )
    )


def _keep_running(folder: Path, palette: Palette) -> None:
    out: TextIO = sys.stdout
    print(palette.paint("The servers go on until Ctrl-C. In another terminal:", palette.strong), file=out)
    print(f"\n  cd {folder.resolve()}\n  . ./{SETTINGS_FILE}\n", file=out, flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print(file=out)
