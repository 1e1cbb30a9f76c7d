"""The only package that opens DNS sockets: questions and answers, zone transfers, addresses of a host name."""

from migrator.dnsclient.client import SocketClient
from migrator.dnsclient.hosts import resolve_host

__all__ = ["SocketClient", "resolve_host"]
