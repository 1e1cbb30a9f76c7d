"""Judges a switch of name servers from what was seen: pure, no network, no clock, no files."""
