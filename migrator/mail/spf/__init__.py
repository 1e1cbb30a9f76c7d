"""Who may send mail for a domain: SPF as receivers evaluate it (RFC 7208). No IO here.

`record.py` reads the text, `macros.py` the names in it, `evaluate.py` finds out what becomes of which address, and
`addresses.py` has the sets of addresses that it works with.
"""
