"""Comments, tags and metadata: kept, in another form, or listed as lost."""

from dataclasses import replace

import pytest

from migrator.model.capabilities import Capabilities, Limit
from migrator.model.extras import Extra, ForRecord, Metadata, Note, Tags
from migrator.translate import translate
from tests.snapshots import rrset, zone
from tests.translate.targets import AZURE, CLOUDFLARE, CLOUDFLARE_PAID, ROUTE53, SAID, TARGETS
from tests.translate.telling import lost, told

COMMENT = Note("owned by ops")
TAGS = Tags(("team:web", "live"))
METADATA = (Metadata("team", "web"), Metadata("cost centre", "17"))
ONE_TAG = replace(CLOUDFLARE_PAID, tags_in_record=Limit(1, SAID))
SHORT = replace(CLOUDFLARE, note_length=Limit(8, SAID))
CONVERTED, LOST = ["notice x A notes-converted"], ["notice x A notes-lost"]

ROWS: dict[str, tuple[Capabilities, tuple[Extra, ...], str, list[str]]] = {
    "comment, kept": (CLOUDFLARE, (COMMENT,), ' [note text="owned by ops"]', []),
    "tags, kept": (CLOUDFLARE_PAID, (TAGS,), ' [tags tags=["team:web", "live"]]', []),
    "metadata, kept": (
        AZURE,
        METADATA,
        ' [metadata name="team" text="web"] [metadata name="cost centre" text="17"]',
        [],
    ),
    "comment and tags to metadata": (
        AZURE,
        (COMMENT, TAGS),
        ' [metadata name="comment" text="owned by ops"] [metadata name="team" text="web"] [metadata name="live"]',
        CONVERTED,
    ),
    "comments of two records to metadata": (
        AZURE,
        (ForRecord("192.0.2.1", Note("a")), ForRecord("192.0.2.2", Note("b"))),
        ' [metadata name="comment" text="a; b"]',
        CONVERTED,
    ),
    "comments of two records, kept": (
        CLOUDFLARE,
        (ForRecord("192.0.2.1", Note("a")),),
        ' [for-record rdata="192.0.2.1" extra=(note text="a")]',
        [],
    ),
    "metadata to tags, and to a comment where a tag cannot have the name": (
        CLOUDFLARE_PAID,
        METADATA,
        ' [tags tags=["team:web"]] [note text="cost centre=17"]',
        CONVERTED,
    ),
    "metadata to tags, of which one name begins with another": (
        CLOUDFLARE_PAID,
        (Metadata("env", "prod"), Metadata("env-type", "blue")),
        ' [tags tags=["env-type:blue", "env:prod"]]',
        CONVERTED,
    ),
    "metadata of several lines to a comment": (
        CLOUDFLARE,
        (Metadata("comment", "owned by ops\r\nsince 2019"), Metadata("team", "web\n")),
        ' [note text="owned by ops since 2019; team=web"]',
        CONVERTED,
    ),
    "metadata to a comment": (CLOUDFLARE, METADATA, ' [note text="team=web; cost centre=17"]', CONVERTED),
    "tags to a comment": (CLOUDFLARE, (TAGS,), ' [note text="team=web; live"]', CONVERTED),
    "metadata that was a comment": (
        CLOUDFLARE,
        (Metadata("comment", "owned by ops"),),
        ' [note text="owned by ops"]',
        CONVERTED,
    ),
    "more tags than are held": (ONE_TAG, (TAGS,), ' [tags tags=["team:web"]] [note text="live"]', CONVERTED),
    "a comment that is too long": (SHORT, (COMMENT,), "", LOST),
    "a comment of which a part fits": (SHORT, METADATA, ' [note text="team=web"]', [*CONVERTED, *LOST]),
    "nothing to hold them": (ROUTE53, (COMMENT, TAGS), "", LOST),
    "a zone file": (TARGETS["file"], METADATA, "", LOST),
    "words that say nothing": (ROUTE53, (Note(""), Tags(())), "", []),
}


@pytest.mark.parametrize("row", ROWS)
def test_what_people_wrote(row: str) -> None:
    target, extras, desired, losses = ROWS[row]
    found = translate(zone(rrset("x", "A", "192.0.2.1", "192.0.2.2", extras=extras)), target)

    assert (told(found), lost(found)) == ([f"x 300 A 192.0.2.1 | 192.0.2.2{desired}"], losses)


def test_what_is_lost_is_told_in_full() -> None:
    found = translate(zone(rrset("x", "A", "192.0.2.1", extras=(COMMENT, TAGS))), ROUTE53)

    assert found.losses[0].message == (
        "Route 53 has no place for what was noted of the set: owned by ops, team=web, live."
    )
