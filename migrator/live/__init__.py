"""A live name server as the new side of a comparison: whom to ask, and the asking."""

from migrator.live.compare import compare_live

__all__ = ["compare_live"]
