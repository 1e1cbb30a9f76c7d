"""The checks of mail: what comes in, what goes out, and the policies around both."""

from importlib import import_module

# The order is that of the reports.
for _module in ("incoming", "sending", "signing", "forging", "encryption", "lesser"):
    import_module(f"{__name__}.{_module}")
