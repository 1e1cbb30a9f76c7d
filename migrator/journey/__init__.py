"""The journey of a domain from one provider to another, as a list of events and what they come to. No IO here.

A migration lasts days, and whoever carries it out may be killed at any moment. So nothing is remembered but what
happened: each attempt at a stage ends in one event, each word of a person is one, and the state is their sum
(`state.py`). Whoever reads the same events comes to the same state, on this machine and on any other.

    stages.py    the stages in their order, and what each is for
    events.py    what can happen
    state.py     from the events to the state: where the domain stands, what it waits for, who is asked
    options.py   what the person decided at the beginning
"""
