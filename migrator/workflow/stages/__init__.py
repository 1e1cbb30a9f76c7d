"""One attempt at a stage of a migration: what is done, and how it ended.

Each function does the work of one stage as far as it can be done now, and returns how that ended: done, waits
until an instant, asks a person, or failed and is tried again. It may be killed at any moment and called again:
nothing is believed of what an earlier attempt did but what the world shows.
"""
