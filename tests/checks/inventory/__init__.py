"""Cases of the checks of backup, inventory and plan."""
