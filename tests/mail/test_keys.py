"""What is wrong with a DKIM key record by itself."""

import pytest
from cryptography.hazmat.primitives.serialization import PublicFormat

from migrator.mail.keys import described, key_remarks
from tests.mail.keys import ED25519, rsa_key

WHOLE = rsa_key(2048)


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        (f"v=DKIM1; k=rsa; p={WHOLE}", []),
        (f"p={rsa_key(2048, form=PublicFormat.PKCS1)}", []),
        (f"v=DKIM1; k=ed25519; p={ED25519}", []),
        (f"v=DKIM1; p={WHOLE[:100]} {WHOLE[100:]};", []),
        (f"v=DKIM1; h=sha1:sha256; s=*; t=s; p={WHOLE}", []),
        (f"p={rsa_key(1024)}", ["warning has 1024 bits; 2048 are recommended (RFC 8301)"]),
        (f"p={rsa_key(768)}", ["error has 768 bits; receivers ignore RSA keys of fewer than 1024"]),
        (f"p={WHOLE[:200]}", ["error cannot be read as an RSA key: it was cut or lost a part"]),
        (f"p={WHOLE[:201]}", ["error is no base64: p= was cut or lost a part"]),
        (f'p={WHOLE[:200]}" "{WHOLE[200:]}', ["error is no base64: p= has '\"' in it"]),
        ("v=DKIM1; p=", ["notice is revoked (p= is empty)"]),
        (f"v=DKIM1; hello; p={WHOLE}", ["error cannot be read: 'hello' is no tag=value"]),
        (f"v=DKIM1; k=rsa; k=rsa; p={WHOLE}", ["error cannot be read: k= stands there twice"]),
        (f"v=DKIM1; P={WHOLE}", ["error is not there: the record has no p="]),
        ("v=DKIM1; k=rsa", ["error is not there: the record has no p="]),
        ("hello", ["error is not there: the record has no p="]),
        (f"v=DKIM2; p={WHOLE}", ["error begins with 'v=DKIM2; p=MIIBIjANB'; 'v=DKIM1' was expected there"]),
        (f"k=rsa; v=DKIM1; p={WHOLE}", ["error begins with 'k=rsa; v=DKIM1; p=MI'; 'v=DKIM1' was expected there"]),
        (
            f"v=DKIM1\\; p={WHOLE}",
            ["error begins with 'v=DKIM1\\\\; p=MIIBIjAN'; 'v=DKIM1' was expected there"],
        ),
        (f"k=ed25519; p={WHOLE}", ["error has 294 octets; an Ed25519 key has 32"]),
        (f"k=dsa; p={WHOLE}", ["warning is of a kind that receivers do not know (k=dsa)"]),
        (f"t=y:s; p={WHOLE}", ["warning says that it is being tested (t=y); receivers may ignore its signatures"]),
        (
            f"h=sha1; p={WHOLE}",
            ["warning allows SHA-1 alone (h=sha1), which receivers no longer accept (RFC 8301)"],
        ),
        (f"s=tlsrpt; p={WHOLE}", ["notice is not for e-mail (s=tlsrpt)"]),
        (f"s=other; p={WHOLE}", ["warning is not for e-mail (s=other)"]),
    ],
)
def test_a_key_is_judged_by_itself(text: str, remarks: list[str]) -> None:
    assert [f"{remark.severity} {remark.text}" for remark in key_remarks(text)] == remarks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"p={WHOLE}", "RSA with 2048 bits"),
        (f"k=ed25519; p={ED25519}", "Ed25519"),
        ("p=", "revoked"),
        ("k=rsa", "no key"),
        ("p=AAAA", "a key that cannot be read"),
    ],
)
def test_a_key_is_described_in_a_few_words(text: str, words: str) -> None:
    assert described(text) == words
