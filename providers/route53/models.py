"""What botocore knows of AWS's services, read from its files once in a process and not for every client.

Reading them takes a tenth of a second; a worker opens several clients for each domain. What is kept is the loader,
which botocore shares between the clients of a session too: nobody changes what it has loaded.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from botocore.session import Session as Settings


def share_models(settings: "Settings") -> None:
    """Have this session use what others of the process have loaded.

    To be called when boto3 has made its session of it: that adds boto3's own folder to the loader each time.
    """
    settings.register_component("data_loader", _loader(settings.get_config_variable("data_path")))


@cache
def _loader(data_path: str | None) -> "Loader":
    from botocore.loaders import create_loader

    return create_loader(data_path)
