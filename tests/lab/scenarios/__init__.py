"""Scenarios of `check` as data: each a domain of its own, all served at the same time by one set of servers.

`data/*.toml` says what differs from a healthy domain and what the checks have to say of it; `scenario.py` says how
to read that. `stage.py` serves all of them in the laboratory, `perform.py` runs the checklist on one.
"""
