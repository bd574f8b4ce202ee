"""TCP ports on the loopback interface: finding free ones, and saying clearly that one is taken."""

import random
import socket
from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Final

from deploy.embedded.errors import CannotStart

LOOPBACK: Final = "127.0.0.1"
# Below those the kernel gives to outgoing connections (from 32768 on), so that none of them takes one we chose.
CANDIDATES: Final = range(20_000, 32_000)
TRIES_MAX: Final = 200
# Ports this process has found lately: whoever asked for one may not listen on it yet.
_found_lately: Final[deque[int]] = deque(maxlen=1_000)


def free_port() -> int:
    """A port nobody listens on now."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """`count` different ports nobody listens on now."""
    candidates = random.SystemRandom().sample(CANDIDATES, k=TRIES_MAX)
    found = list(islice((port for port in candidates if port not in _found_lately and is_free(port)), count))
    if len(found) < count:
        raise CannotStart("no_free_port", zh="找不到空闲端口", en="no free ports were found")
    _found_lately.extend(found)
    return found


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: closed connections linger
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def require_free(ports: Mapping[str, int]) -> None:
    """Raise CannotStart naming every port (by what wants it) that is taken."""
    taken = ", ".join(f"{port} ({name})" for name, port in ports.items() if not is_free(port))
    if taken:
        raise CannotStart(
            "port_taken",
            zh=f"端口已被占用：{taken}。请停掉占用它的程序，或换一个端口",
            en=f"ports already in use: {taken}. Stop what uses them, or choose others",
        )
