"""What is asked of a zone: the same questions in the same order in every run."""

from migrator.answers.questions import questions_for
from migrator.meaning.served import ServedZone
from migrator.model.names import text_of
from tests.checks.build import zone


def test_empty_names_above_others_are_asked_for_in_the_order_of_names() -> None:
    text = "\n".join(f"a.{name} A 192.0.2.1" for name in ("d", "b", "z.c", "_tcp", "e.x"))

    found = questions_for(ServedZone(zone(text)), lambda: b"nonce").non_terminals

    assert [text_of(name).removesuffix(".example.test.") for name in found] == [
        "_tcp",
        "b",
        "c",
        "z.c",
        "d",
        "x",
        "e.x",
    ]
