"""Whether there is more than one thread, told without loading what makes threads. No IO here."""

import sys


def others_run() -> bool:
    """Tell whether there is a thread besides the main one: none was made where nothing has loaded `threading`."""
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1
