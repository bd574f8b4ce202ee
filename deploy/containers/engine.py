"""The container engine of this machine: whether it can serve us, and sweeping what killed runs left on it."""

import contextlib
import os
import socket
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final

import psutil
from docker.errors import APIError, DockerException, NotFound
from testcontainers.core.config import testcontainers_config
from testcontainers.core.docker_client import DockerClient

from deploy.embedded.errors import CannotStart

KAFKA_IMAGE: Final = "apache/kafka:4.3.0"
POSTGRES_IMAGE: Final = "postgres:17"
MACHINE: Final = "kesu.machine"  # a label: where the process runs that owns the container or volume
OWNER: Final = "kesu.owner"  # a label: that process, as `pid:when it started`


@cache
def engine() -> DockerClient:
    """The engine that the environment names. Raises CannotStart where none answers."""
    testcontainers_config.ryuk_disabled = True  # it would need an image of its own; we sweep by our labels
    try:
        return DockerClient(timeout=60)
    except DockerException as error:
        raise CannotStart("no_engine", zh=f"没有可用的容器引擎：{error}", en=f"no engine answers: {error}") from error


def require_engine(*images: str) -> None:
    """Raise CannotStart where no engine answers, or it has not got one of `images`: nothing is pulled unasked."""
    client = engine().client
    for image in images:
        try:
            client.images.get(image)
        except NotFound as error:
            raise CannotStart(
                "no_image",
                zh=f"缺少镜像 {image}，请先 docker pull",
                en=f"image {image} is missing: docker pull it first",
            ) from error
        except (DockerException, OSError) as error:
            raise CannotStart("no_engine", zh=f"容器引擎没有应答：{error}", en=f"the engine fails: {error}") from error


def labels() -> dict[str, str]:
    """What every container and volume of this process carries."""
    return {MACHINE: socket.gethostname(), OWNER: f"{os.getpid()}:{psutil.Process().create_time():.0f}"}


@cache
def sweep_once() -> None:
    """`sweep`, at the first call of this process."""
    sweep()


def sweep() -> None:
    """Remove containers and volumes whose owner on this machine has died without removing them."""
    client = engine().client
    ours: dict[str, Any] = {"filters": {"label": f"{MACHINE}={socket.gethostname()}"}}
    for container in client.containers.list(all=True, **ours):
        if not _lives(container.labels.get(OWNER, "")):
            _quietly(partial(container.remove, force=True, v=True))
    for volume in client.volumes.list(**ours):
        if not _lives((volume.attrs.get("Labels") or {}).get(OWNER, "")):
            _quietly(partial(volume.remove, force=True))


def _lives(owner: str) -> bool:
    pid, _, started = owner.partition(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.0f}" == started
    except (psutil.NoSuchProcess, ValueError):
        return False


def _quietly(remove: Callable[[], None]) -> None:
    """Somebody else may be removing it at this moment."""
    with contextlib.suppress(APIError):
        remove()
