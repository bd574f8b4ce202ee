"""What `kesu lag` says."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct


class PartitionLag(Struct, frozen=True, kw_only=True):
    """How far a service has read one partition.

    `position` is the next offset it reads (None: it never read here), `behind` the records from there to `end`.
    `read_through`: everything that was accepted before has been handled, `oldest_age_s` is how long ago that is: the age
    of the oldest record that is not. `committed` is Kafka's own offset of the group, which follows the position;
    `held_by` the member that holds the partition, where the broker says.
    """

    service: str
    topic: str
    partition: int
    position: int | None
    end: int
    behind: int
    oldest_age_s: float
    read_through: datetime
    committed: int | None
    held_by: str


class ServiceLag(Struct, frozen=True, kw_only=True):
    """A service: instances in its group (None: the broker does not say); `ready` where its HTTP address is known.

    `ready` is "ready", "not_ready", or "no_answer"; `missing` is what it says it lacks.
    """

    members: int | None
    ready: str | None = None
    missing: tuple[str, ...] = ()


class LagReport(Struct, frozen=True, kw_only=True):
    """All services at one moment of Kesu's clock."""

    at: datetime
    cluster: str
    behind_max: int
    oldest_age_s_max: float
    services: Mapping[str, ServiceLag]
    partitions: tuple[PartitionLag, ...]

    def exceeds(self, *, behind_max: int | None, age_s_max: float | None) -> bool:
        """Whether a service is further behind than that, in records or in time."""
        return (behind_max is not None and self.behind_max > behind_max) or (
            age_s_max is not None and self.oldest_age_s_max > age_s_max
        )
