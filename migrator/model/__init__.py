"""Immutable values that the whole program speaks of: no IO, no clock, no environment."""
