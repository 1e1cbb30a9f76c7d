import pytest

from migrator.meaning.suffixes import registered_domain
from migrator.model.names import absolute, text_of


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("www.example.com.", "example.com."),
        ("ns1.dns.example.co.uk.", "example.co.uk."),
        # A hoster's names are registered with nobody: the hoster's own domain is.
        ("shop.azurewebsites.net.", "azurewebsites.net."),
        ("co.uk.", None),
        (".", None),
    ],
)
def test_the_domain_that_a_registry_knows(name: str, domain: str | None) -> None:
    found = registered_domain(absolute(name))

    assert (None if found is None else text_of(found)) == domain
