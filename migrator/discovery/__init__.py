"""Finding the names of a zone that nobody can list: word lists, structure, the user's own files. No IO here.

A zone cannot be listed by asking its servers, unless they allow a zone transfer or sign it with plain NSEC.
Everything else is a guess, and says so on each record: what nobody guessed is missing. `migrator/discovering.py`
asks.
"""
