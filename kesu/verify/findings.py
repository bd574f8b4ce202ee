"""What a verification found."""

from typing import Final

from msgspec import Struct

EXAMPLES_MAX: Final = 5

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "id_with_two_contents": ("同一事件号有两种内容", "one event id with two contents"),
    "undecodable_on_the_log": ("日志上有读不出的记录", "a record on the log does not decode"),
    "hole_in_the_log": ("日志偏移量不连续", "offsets of the log are not dense"),
    "fact_before_received": ("受理之前已有该投诉的事实", "a fact of a complaint stands before it was received"),
    "effect_before_cause": ("结果早于原因", "an effect stands before its cause"),
    "received_twice": ("同一投诉受理两次", "a complaint was received twice"),
    "decided_twice": ("同一版次的决定有两个", "two decisions of one revision"),
    "never_decided": ("受理后没有决定", "received but never decided"),
    "planned_twice": ("同一投诉有两个回访计划", "a complaint has two plans"),
    "never_planned": ("有决定而没有计划", "decided but never planned"),
    "no_open_promise": ("未结投诉没有任何未到期承诺", "an open complaint has no open promise"),
    "promise_ended_twice": ("承诺了结了两次", "a promise ended twice"),
    "unknown_promise_ended": ("了结了一个不存在的承诺", "a promise ended that was never opened"),
    "silent_promise": ("承诺到期后没有任何事件", "a promise lapsed without an event"),
    "false_break": ("承诺其实按时兑现了，却被判失约", "a promise broken although it was kept in time"),
    "lost_from_archive": ("日志上有而档案里没有", "on the log, but not in the archive"),
    "only_in_archive": ("档案里有而日志上没有", "in the archive, but not on the log"),
    "archive_differs": ("档案内容与日志不同", "the archive differs from the log"),
    "saved_never_published": ("已保存而未发布", "saved, but never published"),
    "published_never_saved": ("已发布而未保存", "published, but not saved"),
    "saved_differs": ("保存的内容与日志不同", "what is saved differs from the log"),
    "submission_without_event": ("已受理的提交没有事件", "an accepted submission has no event"),
    "view_differs": ("视图与日志不符", "a view differs from the log"),
    "promise_table_differs": ("承诺表与日志不符", "the table of promises differs from the log"),
    "reader_behind": ("有服务还没有读到日志末尾", "a service has not read to the end of the log"),
}


class Finding(Struct, frozen=True):
    """One kind of violation: how often, and a few places (ids, never personal data)."""

    code: str
    zh: str
    en: str
    count: int
    examples: tuple[str, ...]


class Findings:
    """Collects violations."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def add(self, code: str, where: str) -> None:
        """One more violation `code` at `where`."""
        self._count[code] = self._count.get(code, 0) + 1
        examples = self._examples.setdefault(code, [])
        if len(examples) < EXAMPLES_MAX:
            examples.append(where)

    def all(self) -> list[Finding]:
        """Everything found, in the order of the catalogue."""
        return [
            Finding(code, zh, en, self._count[code], tuple(self._examples[code]))
            for code, (zh, en) in TEXTS.items()
            if code in self._count
        ]
