"""JSON that a terminal may show: letters stay, and nothing in it drives the terminal."""

import json

from migrator.codec import jsontext


def test_letters_stay_and_what_drives_a_terminal_is_escaped() -> None:
    text = "bücher \u4f8b \x1b[2J \u009b2J \u202etxt.exe \u2028 \ufeff \U000e0041 \udcff \x7f"

    written = jsontext.dumps({"text": text})

    assert written == (
        r'{"text": "bücher 例 \u001b[2J \u009b2J \u202etxt.exe \u2028 \ufeff \udb40\udc41 \udcff \u007f"}'
    )
    assert json.loads(written) == {"text": text}


def test_its_form_is_that_of_json() -> None:
    document = {"a": [1, {"b": "ü"}]}

    assert jsontext.dumps(document, indent=1) == json.dumps(document, indent=1, ensure_ascii=False)
    assert jsontext.dumps(document, separators=(",", ":")) == '{"a":[1,{"b":"ü"}]}'
