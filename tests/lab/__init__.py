"""A miniature internet on loopback: root, registry, providers, resolvers and RDAP on real programs.

`Lab` in `lab.py` builds it in a temporary folder and takes it down again; `python -m tests.lab` starts one for
a person to play with. Every address is under 127.0.0.0/8 and nothing leaves the machine.
"""
