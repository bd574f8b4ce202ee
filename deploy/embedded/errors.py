"""Why the embedded stack cannot start or go on, said to the person in front of it."""


class CannotStart(Exception):
    """`code` is stable, for programs; `zh` and `en` say what to do."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en} / {zh}")
        self.code = code
        self.zh = zh
        self.en = en


def ended(name: str, *, status: int, log_tail: str) -> CannotStart:
    """`name` ended by itself; its last log lines say why (they are told once, below the English text)."""
    return CannotStart(
        f"{name}_ended",
        zh=f"{name} 意外退出（状态 {status}），日志末尾见下",
        en=f"{name} ended unexpectedly with status {status}; the end of its log:\n{log_tail}",
    )


def not_ready(name: str, *, log_tail: str) -> CannotStart:
    """`name` runs, but was not ready in time."""
    return CannotStart(
        f"{name}_not_ready",
        zh=f"{name} 没有在规定时间内就绪，日志末尾见下",
        en=f"{name} was not ready in time; the end of its log:\n{log_tail}",
    )


def ended_or_not_ready(name: str, *, status: int | None, log_tail: str) -> CannotStart:
    """Why waiting for `name` ended without it; `status` None: it still runs."""
    return not_ready(name, log_tail=log_tail) if status is None else ended(name, status=status, log_tail=log_tail)
