"""Records come back by bucket in the order they were put, memory holds a bounded part of them, and nothing stays behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from kesu.verify.spill import BUCKETS_MAX, HELD_BYTES_MAX, RECORDS_PER_BUCKET, Spill
from shared.errors import Stopped
from shared.ids import derive

KEYS = [bytes.fromhex(derive("key", str(number)).replace("-", "")) for number in range(500)]
BATCH = 2_000
RECORD = 100


def test_everything_comes_back_in_order(tmp_path: Path) -> None:
    """Several times more than is held in memory, in two streams of one file that has no name."""
    count = 6 * HELD_BYTES_MAX // RECORD // 2
    with Spill(tmp_path, records=count) as spill:
        one, other = spill.stream(), spill.stream()
        held_max = 0
        for n in range(count):
            key = KEYS[n % len(KEYS)]
            one.put(key, key + n.to_bytes(8, "big").ljust(RECORD - 16))
            other.put(key, bytes(RECORD))
            if n % BATCH == 0:
                spill.make_room()
            held_max = max(held_max, one.held + other.held)
        assert held_max <= HELD_BYTES_MAX + 2 * BATCH * RECORD
        assert spill.bytes_written > 4 * HELD_BYTES_MAX
        assert list(tmp_path.iterdir()) == []
        where: dict[bytes, int] = {}
        seen: dict[bytes, int] = {}
        for number, bucket in enumerate(one.all()):
            for at in range(0, len(bucket), RECORD):
                key, n = bucket[at : at + 16], int.from_bytes(bucket[at + 16 : at + 24], "big")
                assert where.setdefault(key, number) == number
                assert n == seen.get(key, n % len(KEYS) - len(KEYS)) + len(KEYS)
                seen[key] = n
        assert len(seen) == len(KEYS)
        assert min(seen.values()) >= count - len(KEYS)
        assert sum(map(len, other.all())) == count * RECORD


@pytest.mark.parametrize("records", [0, 1, RECORDS_PER_BUCKET, 3_000_000, 10**10])
def test_buckets_stay_small_as_long_as_there_may_be_more_of_them(records: int) -> None:
    """A power of two, so that the first bits of a key choose."""
    with Spill(records=records) as spill:
        assert spill.buckets.bit_count() == 1
        assert spill.buckets <= BUCKETS_MAX
        assert records <= spill.buckets * RECORDS_PER_BUCKET * 2 or spill.buckets == BUCKETS_MAX


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    """With a code that tells what to do; in a process of its own, whose files may not grow beyond a megabyte."""
    program = """
import resource, sys
from pathlib import Path
from kesu.verify.spill import HELD_BYTES_MAX, Spill
from shared.errors import Stopped
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
with Spill(Path(sys.argv[1])) as spill:
    stream = spill.stream()
    stream.put(bytes(16), bytes(HELD_BYTES_MAX))
    try:
        spill.make_room()
    except Stopped as error:
        print(error.code, "--spill" in error.zh, "--spill" in error.en)
"""
    run = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["spill_full", "True", "True"]
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """With a code, before anything is read."""
    with pytest.raises(Stopped) as caught:
        Spill(tmp_path / "missing")
    assert caught.value.code == "spill_not_writable"
