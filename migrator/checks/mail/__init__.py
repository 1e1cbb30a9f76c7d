"""The checks of mail: what comes in, what goes out, and the policies around both."""

from migrator.checks.mail import encryption, forging, incoming, lesser, sending, signing

__all__ = ["encryption", "forging", "incoming", "lesser", "sending", "signing"]
