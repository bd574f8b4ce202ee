"""Holds events on the log against events in tables, by their ids: a bucket at a time, pure."""

from collections.abc import Iterator
from typing import Final, TypeAlias
from uuid import UUID

from kesu.verify.bounds import Bounds
from kesu.verify.evidence import ARCHIVED, IN_TABLE, ON_LOG, PUBLISHERS, SUBMITTED, Evidence
from kesu.verify.figures import Figures
from kesu.verify.findings import Findings

UNPUBLISHED_MAX: Final = 100_000  # that may yet appear on the log; more of them are findings at once
OnLog: TypeAlias = tuple[bytes, int, int, int]  # digest, publisher, partition, offset
Unpublished: TypeAlias = dict[bytes, int]  # event → number of who saved it


class Identities:
    """Goes through all events. `unpublished` are saved, but not on the log as far as it was read."""

    def __init__(self, bounds: Bounds, findings: Findings, figures: Figures) -> None:
        self._bounds = bounds
        self._findings = findings
        self._figures = figures
        self.unpublished: Unpublished = {}

    def compare(self, evidence: Evidence) -> Iterator[int]:
        """Compare bucket by bucket; yields how many records of the log each had."""
        for on_log, in_tables in zip(evidence.log.all(), evidence.tables.all(), strict=True):
            known = self._known(on_log)
            has = self._compared(in_tables, known)
            self._missing(known, has)
            yield len(on_log) // ON_LOG.size

    def say_unpublished(self) -> None:
        """What is still not on the log is a finding now."""
        for key, table in self.unpublished.items():
            self._findings.add("saved_never_published", f"{PUBLISHERS[table]}:{UUID(bytes=key)}")

    def _known(self, on_log: bytes) -> dict[bytes, OnLog]:
        ends, figures = self._bounds.ends, self._figures
        known: dict[bytes, OnLog] = {}
        for key, digest, publisher, partition, offset in ON_LOG.iter_unpack(on_log):
            newer = offset >= ends[partition]
            before = known.get(key)
            if before is None:
                known[key] = (digest, publisher, partition, offset)
                if newer:
                    figures.newer_events += 1
                else:
                    figures.events += 1
                continue
            figures.repeated += not newer
            if before[0] != digest:
                self._findings.add("id_with_two_contents", str(UUID(bytes=key)))
        return known

    def _compared(self, in_tables: bytes, known: dict[bytes, OnLog]) -> list[set[bytes]]:
        """Which events each table has."""
        has: list[set[bytes]] = [set() for _ in range(SUBMITTED + 1)]
        for key, digest, table in IN_TABLE.iter_unpack(in_tables):
            has[table].add(key)
            published = known.get(key)
            if table == SUBMITTED:
                continue
            if published is None:
                self._not_on_log(key, table)
                continue
            newer = published[3] >= self._bounds.ends[published[2]]
            self._figures.newer_rows += newer
            self._figures.archived += table == ARCHIVED and not newer
            if published[0] != digest:
                code = "archive_differs" if table == ARCHIVED else "saved_differs"
                self._findings.add(code, _place(table, key))
        for key in has[SUBMITTED]:
            if key not in known and key not in has[0]:
                self._findings.add("submission_without_event", str(UUID(bytes=key)))
        return has

    def _not_on_log(self, key: bytes, table: int) -> None:
        if table == ARCHIVED:
            self._figures.archived += 1
            self._findings.add("only_in_archive", _place(table, key))
        elif len(self.unpublished) < UNPUBLISHED_MAX:
            self.unpublished[key] = table
        else:
            self._findings.add("saved_never_published", _place(table, key))

    def _missing(self, known: dict[bytes, OnLog], has: list[set[bytes]]) -> None:
        """What is on the log up to its end is where it belongs, unless whoever keeps it has not come to it yet."""
        archived, bounds = has[ARCHIVED], self._bounds
        for key, (_, publisher, partition, offset) in known.items():
            if offset >= bounds.ends[partition]:
                continue
            if key not in archived:
                if bounds.handled("reporting", partition, offset):
                    self._findings.add("lost_from_archive", _place(ARCHIVED, key))
                else:
                    self._figures.unread_events += 1
            if key not in has[publisher] and bounds.handled(PUBLISHERS[publisher], partition, offset):
                self._findings.add("published_never_saved", _place(publisher, key))


def _place(table: int, key: bytes) -> str:
    id_ = str(UUID(bytes=key))
    return id_ if table == ARCHIVED else f"{PUBLISHERS[table]}:{id_}"
