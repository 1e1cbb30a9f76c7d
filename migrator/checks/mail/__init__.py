"""The checks of mail: what comes in, what goes out, and the policies around both."""

from migrator.checks.mail import incoming

__all__ = ["incoming"]
