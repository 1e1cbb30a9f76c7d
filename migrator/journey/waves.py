"""The waves of a fleet: so many are told apart. On its own, for the help of commands loads nothing else. Pure."""

MOST_WAVES = 9999
