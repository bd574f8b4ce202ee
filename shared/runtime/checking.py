"""What is checked before a service reads: that the topics are what they must be."""

from collections.abc import Sequence

from shared.errors import NotNow, Stopped
from shared.log.access import Brokers
from shared.log.ends import partitions_of
from shared.log.watermarks import TOPIC as WATERMARKS
from shared.pipeline.dead_letters import TOPIC as LETTERS
from shared.saved import COMPLAINTS


async def check_topics(brokers: Brokers, topics: Sequence[str], *, partitions: int) -> None:
    """The topics are there, and the log has the number of `partitions` it was given for life; raises NotNow, Stopped."""
    needed = {*topics, COMPLAINTS, LETTERS, WATERMARKS}
    found = await partitions_of(brokers, sorted(needed))
    if missing := needed - {tp.topic for tp in found}:
        raise NotNow(f"topics are missing: {sorted(missing)}")
    count = len({tp.partition for tp in found if tp.topic == COMPLAINTS})
    if count != partitions:
        raise Stopped(
            "partition_count_differs",
            zh=f"{COMPLAINTS} 有 {count} 个分区，设置却是 {partitions}：分区数终身不变，请核对 KESU_PARTITIONS",
            en=f"{COMPLAINTS} has {count} partitions, the setting says {partitions}: check KESU_PARTITIONS",
        )
