"""The report on a move, for whoever it was made for: a page, Markdown; and the board of many moves. Pure.

values.py      what every form is made from: sections of tables and items
sections.py    the sections of a report, in their order
progress.py, findings.py, records.py    what stands in them
html.py, page.py, style.py              one self-contained page, and the parts that `serve` shows
markdown.py    the same as Markdown
board.py       many moves: a line for each
"""
