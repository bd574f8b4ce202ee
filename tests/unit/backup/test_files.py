"""Files of a backup: whole or not there, and never believed without their digest."""

from pathlib import Path

import pytest
from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from kesu.backup.files import check, stored, taken, whole
from kesu.backup.programs import PostgresPrograms, local_programs
from kesu.backup.segments import Kept, SegmentWriter, read_segment
from kesu.backup.writing import FILLER, filled
from shared.errors import Stopped
from shared.log.headers import TYPE, header

TP = TopicPartition("kesu.complaints", 0)
records = st.builds(
    Kept, st.integers(0, 1 << 40), st.integers(0, 1 << 42), st.none() | st.binary(), st.none() | st.binary(),
    st.lists(st.tuples(st.text(), st.binary())).map(tuple),
)  # fmt: skip


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    def half() -> None:
        with whole(tmp_path / "a") as out:
            out.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert not (tmp_path / "a").exists()
    with taken(tmp_path):
        assert [".lock"] == [path.name for path in tmp_path.iterdir()]


def test_two_backups_do_not_write_into_one_directory(tmp_path: Path) -> None:
    with taken(tmp_path), pytest.raises(Stopped, match="backup_under_way"), taken(tmp_path):
        pass


def test_a_changed_file_is_not_restored(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"content")
    entry = stored(tmp_path, path)
    assert path == check(tmp_path, entry)
    path.write_bytes(b"Content")
    with pytest.raises(Stopped, match="backup_damaged"):
        check(tmp_path, entry)
    path.unlink()
    with pytest.raises(Stopped, match="backup_damaged"):
        check(tmp_path, entry)


@given(st.lists(st.lists(records, max_size=4), max_size=4))
def test_a_segment_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, frames: list[list[Kept]]
) -> None:
    path = tmp_path_factory.mktemp("segments") / "a"
    with path.open("wb") as out:
        writer = SegmentWriter(out)
        for frame in frames:
            writer.write(frame)
        writer.close()
    assert frames == list(read_segment(path))


@given(st.sets(st.integers(0, 40)), st.integers(0, 40))
def test_fillers_stand_wherever_a_record_is_missing(offsets: set[int], end: int) -> None:
    there = [Kept(at, at, None, b"v", ()) for at in sorted(offsets) if at < end]
    found = list(filled(TP, there, first=0, end=end))
    assert list(range(end)) == [one.offset for one in found]
    assert there == [one for one in found if header(one.headers, TYPE) != FILLER]


async def test_programs_that_are_older_than_the_server_are_not_used() -> None:
    with pytest.raises(Stopped, match="pg_dump_too_old"):
        await local_programs(99)


async def test_programs_that_are_nowhere_are_missed_by_name() -> None:
    with pytest.raises(Stopped, match="pg_dump_missing"):
        await PostgresPrograms(folder="/nowhere").version()
