"""Apache Kafka in a container: one KRaft node whose log outlives its process, and as many listeners as are asked for."""

import asyncio
import base64
import struct
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from msgspec import Struct

from deploy.containers.container import ServerContainer, Shape
from deploy.containers.engine import KAFKA_IMAGE
from deploy.embedded.ports import LOOPBACK, free_ports
from shared.log.access import Brokers

DATA: Final = "/var/lib/kafka/data"
HEAP: Final = "-Xms384m -Xmx384m"
CLIENTS: Final = "CLIENTS"
INSIDE: Final = "INSIDE"  # for programs in the container: `--bootstrap-server localhost:19092`
INSIDE_PORT: Final = 19_092
CONTROLLER_PORT: Final = 19_093
FIRST_PORT: Final = 9_092
ANSWER_TIMEOUT_S: Final = 5.0
_API_VERSIONS: Final = struct.pack(">ihhih4s", 14, 18, 0, 1, 4, b"kesu")

SETTINGS: Final = {
    "AUTO_CREATE_TOPICS_ENABLE": "false",
    "OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "OFFSETS_TOPIC_NUM_PARTITIONS": "4",
    "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
    "SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
    "BROKER_HEARTBEAT_INTERVAL_MS": "500",
    "BROKER_SESSION_TIMEOUT_MS": "3000",  # a killed node that comes back waits until its former self has lapsed
    "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "GROUP_MIN_SESSION_TIMEOUT_MS": "500",  # a killed member of a group is to be given up soon
    # Records under a virtual clock look months old: what the node removes for its age, it must not look for.
    "LOG_INITIAL_TASK_DELAY_MS": "86400000",
    "LOG_RETENTION_CHECK_INTERVAL_MS": "86400000",
    "PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS": "86400000",
    "NUM_NETWORK_THREADS": "2",
    "NUM_IO_THREADS": "4",
    "JVM_PERFORMANCE_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",  # started often, never run for long
    "LOG4J_ROOT_LOGLEVEL": "WARN",
    "LOG4J_LOGGERS": "kafka=WARN,org.apache.kafka=WARN,kafka.controller=WARN,state.change.logger=WARN",
}


class Listener(Struct, frozen=True, kw_only=True):
    """One more way in, called `name` (capitals), at `KafkaContainer.listener_port(name)` of 127.0.0.1.

    Clients that come by it are told to go on to `advertised_port`, by default the same. With a proxy there that passes on
    to `listener_port(name)`, all their traffic goes through it. `protocol` other than PLAINTEXT needs settings of its own.
    """

    name: str
    advertised_port: int | None = None
    protocol: str = "PLAINTEXT"


class KafkaContainer(ServerContainer):
    """One node. Without `port` a free one is chosen; it is the advertised one, and stays.

    `settings` are more of Kafka's own (`MESSAGE_MAX_BYTES`, without `KAFKA_`), and win over what is set here; `mounts`
    shows the node files of ours (ours → inside), such as keystores. With `host_network` nothing lies between clients and
    node; then the node has no network of its own to cut.
    """

    idempotent = True

    def __init__(
        self,
        *,
        port: int | None = None,
        listeners: Sequence[Listener] = (),
        settings: Mapping[str, str] | None = None,
        mounts: Mapping[Path, str] | None = None,
        heap: str = HEAP,
        host_network: bool = False,
    ) -> None:
        super().__init__("kafka", host_network=host_network)
        first, inside, controller, *others = free_ports(3 + len(listeners))
        self.port = port or first
        self.cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        self._listeners = (Listener(name=CLIENTS), *listeners)
        self._ports = dict(zip((one.name for one in self._listeners), (self.port, *others), strict=True))
        self._inside_port = inside if host_network else INSIDE_PORT
        self._controller_port = controller if host_network else CONTROLLER_PORT
        self._settings = dict(settings or {})
        self._mounts = dict(mounts or {})
        self._heap = heap

    @property
    def bootstrap(self) -> str:
        """Where clients connect."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def brokers(self) -> Brokers:
        """The same, as clients of ours want it."""
        return Brokers(bootstrap=self.bootstrap)

    @property
    def inside_bootstrap(self) -> str:
        """Where programs inside the container connect, without any proxy or protocol."""
        return f"localhost:{self._inside_port}"

    def listener_port(self, name: str) -> int:
        """The port of 127.0.0.1 at which listener `name` is reached without its proxy."""
        return self._ports[name]

    def _shape(self) -> Shape:
        inside = self._ports if self._host_network else {name: FIRST_PORT + n for n, name in enumerate(self._ports)}
        env = {f"KAFKA_{name}": value for name, value in self._kafka_settings(inside).items()}
        return Shape(
            image=KAFKA_IMAGE,
            data=DATA,
            env=env | {"CLUSTER_ID": self.cluster_id},
            ports={} if self._host_network else {inside[name]: port for name, port in self._ports.items()},
            mounts=self._mounts,
        )

    def _kafka_settings(self, inside: Mapping[str, int]) -> dict[str, str]:
        at = LOOPBACK if self._host_network else "0.0.0.0"  # noqa: S104 - a network of its own, published on loopback
        own = {INSIDE: self._inside_port, "CONTROLLER": self._controller_port}
        advertised = {one.name: one.advertised_port or self._ports[one.name] for one in self._listeners}
        protocols = {one.name: one.protocol for one in self._listeners} | dict.fromkeys(own, "PLAINTEXT")
        return {
            "NODE_ID": "1",
            "PROCESS_ROLES": "broker,controller",
            "CONTROLLER_QUORUM_VOTERS": f"1@localhost:{self._controller_port}",
            "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "INTER_BROKER_LISTENER_NAME": INSIDE,
            "LISTENERS": _addresses(at, inside) + "," + _addresses("localhost", own),
            "ADVERTISED_LISTENERS": f"{_addresses(LOOPBACK, advertised)},{INSIDE}://{self.inside_bootstrap}",
            "LISTENER_SECURITY_PROTOCOL_MAP": ",".join(f"{name}:{protocol}" for name, protocol in protocols.items()),
            "LOG_DIRS": DATA,
            "HEAP_OPTS": self._heap,
        } | SETTINGS | self._settings  # fmt: skip

    async def _answers(self) -> bool:
        if not await _speaks(self.port):
            return False
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                await admin.start()
                return bool((await admin.describe_cluster())["brokers"])
        except (KafkaError, TimeoutError):
            return False
        finally:
            await admin.close()


async def _speaks(port: int) -> bool:
    """Whether Kafka itself is behind the port. Asked first: the client logs an error for each refusal."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(_API_VERSIONS)
                return bool(await reader.read(4))
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def _addresses(host: str, ports: Mapping[str, int]) -> str:
    return ",".join(f"{name}://{host}:{port}" for name, port in ports.items())
