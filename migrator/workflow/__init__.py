"""What a migration does with the world, a piece a module: reading both sides, asking, writing, remembering.

Here providers, network, memory and judgement meet. The command line calls a piece at a time for a person, the
durable run all of them in their order; neither shows nor asks anything here.
"""
