"""The read-only web page of `serve`: who may see it, and what it shows. It writes nothing and asks nobody.

access.py   hosts, the token, sessions
guard.py    what stands before every answer: method, host, token, headers
pages.py    the pages and the JSON
server.py   listening
"""
