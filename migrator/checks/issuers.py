"""By which names in CAA records the authorities are known whose certificates one meets. Data only.

From the authorities' own statements of practices and the list of CAA identifiers of the CCADB, November 2026. The
keys are the beginning of the issuer's organisation in a certificate, in lower case.
"""

ISSUERS: dict[str, tuple[str, ...]] = {
    "let's encrypt": ("letsencrypt.org",),
    "google trust services": ("pki.goog",),
    "digicert": (
        *("digicert.com", "www.digicert.com", "digicert.ne.jp", "cybertrust.ne.jp", "symantec.com", "thawte.com"),
        *("geotrust.com", "rapidssl.com", "volusion.com", "digitalcertvalidation.com"),
    ),
    "sectigo": ("sectigo.com", "comodo.com", "comodoca.com", "usertrust.com", "trust-provider.com"),
    "comodo ca": ("sectigo.com", "comodo.com", "comodoca.com", "usertrust.com", "trust-provider.com"),
    "zerossl": ("sectigo.com", "comodoca.com", "trust-provider.com", "usertrust.com", "comodo.com"),
    "cloudflare": ("digicert.com", "cloudflare.com"),
    "amazon": ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", "aws.amazon.com"),
    "globalsign": ("globalsign.com",),
    "godaddy.com": ("godaddy.com", "starfieldtech.com"),
    "starfield technologies": ("godaddy.com", "starfieldtech.com"),
    "ssl corp": ("ssl.com",),
    "buypass": ("buypass.com", "buypass.no"),
    "actalis": ("actalis.it",),
    "microsoft corporation": ("microsoft.com",),
    "entrust": ("entrust.net", "affirmtrust.com"),
    "identrust": ("identrust.com",),
    "hellenic academic": ("harica.gr",),
    "asseco data systems": ("certum.pl", "certum.eu"),
    "unizeto": ("certum.pl", "certum.eu"),
    "d-trust": ("d-trust.net", "dtrust.de", "d-trust.de"),
    "swisssign": ("swisssign.com",),
    "telia": ("telia.com", "telia.fi", "telia.se"),
    "quovadis": ("quovadisglobal.com",),
    "deutsche telekom security": ("telesec.de", "t-systems.com"),
    "apple": ("pki.apple.com",),
    "trustwave": ("trustwave.com",),
}


def identifiers(organisation: str) -> tuple[str, ...]:
    """Return the names of an authority in CAA records, the longest key first; none where it is not known here."""
    text = organisation.lower()
    known = [key for key in ISSUERS if text.startswith(key)]
    return ISSUERS[max(known, key=len)] if known else ()
