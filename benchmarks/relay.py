"""A relay of UDP packets that loses some: `python -m benchmarks.relay ADDRESS UPSTREAM PORT LOSS`.

Each client (address and port) gets a socket of its own towards the server. The same packets are lost in every run
that sends the same ones in the same order.
"""

import random
import selectors
import socket
import sys
from functools import partial

_LARGEST = 4096
_BUFFER = 1 << 22
_AT_ONCE = 64


class Relay:
    """One listening socket, and a socket for each client."""

    def __init__(self, address: str, upstream: str, port: int, loss: float) -> None:
        """Listen at once."""
        self._upstream = (upstream, port)
        self._loss = loss
        self._random = random.Random(1).random
        self._selector = selectors.DefaultSelector()
        self._clients: dict[tuple[str, int], socket.socket] = {}
        self._listener = _udp()
        self._listener.bind((address, port))
        self._selector.register(self._listener, selectors.EVENT_READ, self._queries)

    def run(self) -> None:
        """Pass packets on until somebody ends the process."""
        while True:
            for key, _ in self._selector.select():
                key.data()

    def _queries(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                packet, client = self._listener.recvfrom(_LARGEST)
            except BlockingIOError:
                return
            if client not in self._clients:
                self._open(client)
            if self._random() >= self._loss:
                self._clients[client].send(packet)

    def _open(self, client: tuple[str, int]) -> None:
        towards = self._clients[client] = _udp()
        towards.connect(self._upstream)
        self._selector.register(towards, selectors.EVENT_READ, partial(self._answers, towards, client))

    def _answers(self, towards: socket.socket, client: tuple[str, int]) -> None:
        for _ in range(_AT_ONCE):
            try:
                packet = towards.recv(_LARGEST)
            except BlockingIOError:
                return
            if self._random() >= self._loss:
                self._listener.sendto(packet, client)


def _udp() -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.setblocking(False)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    return found


if __name__ == "__main__":
    relay = Relay(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    print("listening", flush=True)
    relay.run()
