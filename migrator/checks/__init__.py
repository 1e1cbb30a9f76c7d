"""The checks of a migration: one function, one id and one docstring, which is its specification, for each rule.

A check has two pure halves: what it wants to have asked, and what the replies mean. `facts.py` is all that it may
know, `points.py` all that it may say, `asks.py` all that it may ask; `overlay.py` looks names up as they will be
after the switch. `catalogue.py` finds the checks; the areas are the other modules. No IO here.
"""
