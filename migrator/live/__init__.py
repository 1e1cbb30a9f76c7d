"""A live name server as the new side of a comparison: what is asked, what the answers show, what they cannot."""

from migrator.live.compare import compare_live

__all__ = ["compare_live"]
