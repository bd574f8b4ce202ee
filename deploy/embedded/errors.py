"""Why the embedded stack cannot start or go on, said to the person in front of it."""


class CannotStart(Exception):
    """`code` is stable, for programs; `zh` and `en` say what to do."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en} / {zh}")
        self.code = code
        self.zh = zh
        self.en = en


def ended_at_start(name: str, *, status: int | None, log_tail: str) -> CannotStart:
    """`name` ended (or was not ready in time: `status` None) before it could be used; its last log lines say why."""
    zh = f"启动后退出（状态 {status}）" if status is not None else "没有在规定时间内就绪"
    en = f"ended with status {status}" if status is not None else "was not ready in time"
    return CannotStart(
        f"{name}_did_not_start",
        zh=f"{name} {zh}，日志末尾：\n{log_tail}",
        en=f"{name} {en}; the end of its log:\n{log_tail}",
    )
