"""Every error a caller can meet, as problem+json (RFC 9457): a stable code, a status, and a zh and an en text."""

from typing import Final

import msgspec
from msgspec import Struct

MEDIA_TYPE: Final = "application/problem+json"


class Kind(Struct, frozen=True):
    """What a code stands for: the HTTP status, and a title in both languages."""

    status: int
    zh: str
    en: str


PROBLEMS: Final[dict[str, Kind]] = {
    # the bytes
    "body_too_large": Kind(413, "请求体过大", "The request body is too large"),
    "body_missing": Kind(400, "缺少请求体", "The request body is missing"),
    "media_type_unsupported": Kind(415, "不支持的内容类型", "The content type is not supported"),
    "encoding_unsupported": Kind(415, "不支持压缩或其他编码的请求体", "Compressed or otherwise encoded bodies are not taken"),
    "json_malformed": Kind(400, "不是合法的 JSON", "This is not valid JSON"),
    "utf8_invalid": Kind(400, "不是合法的 UTF-8", "This is not valid UTF-8"),
    "nested_too_deep": Kind(400, "JSON 嵌套过深", "The JSON is nested too deeply"),
    "duplicate_key": Kind(400, "JSON 中有重复的键", "The JSON repeats a key"),
    "nul_character": Kind(400, "文本中含有 NUL 字符", "The text contains a NUL character"),
    # CloudEvents
    "cloudevent_version_unsupported": Kind(400, "CloudEvents 的 specversion 必须是 1.0", "The specversion must be 1.0"),
    "cloudevent_attribute_missing": Kind(400, "缺少 CloudEvents 必需属性", "A required CloudEvents attribute is missing"),
    "cloudevent_attribute_invalid": Kind(400, "CloudEvents 属性不合法", "A CloudEvents attribute is invalid"),
    "cloudevent_attribute_too_long": Kind(400, "CloudEvents 属性过长", "A CloudEvents attribute is too long"),
    "cloudevent_time_invalid": Kind(400, "time 必须是带时区的 RFC 3339 时间", "time must be RFC 3339 with a zone"),
    "cloudevent_data_twice": Kind(400, "data 与 data_base64 不能同时出现", "data and data_base64 exclude each other"),
    "cloudevent_base64_invalid": Kind(400, "data_base64 不是合法的 Base64", "data_base64 is not valid Base64"),
    "cloudevent_format_unsupported": Kind(415, "只接受 JSON 事件格式", "Only the JSON event format is taken"),
    "data_not_json": Kind(415, "事件数据必须是 JSON", "The event's data must be JSON"),
    "batch_too_large": Kind(413, "一批中的事件过多", "The batch holds too many events"),
    # the submission
    "submission_type_unknown": Kind(422, "未知的提交类型", "This type of submission is unknown"),
    "submission_invalid": Kind(422, "提交内容不符合约定", "The submission does not fit the contract"),
    "field_too_long": Kind(422, "字段过长", "A field is too long"),
    "number_out_of_range": Kind(422, "数值超出范围", "A number is out of range"),
    "time_out_of_range": Kind(422, "时间超出范围", "A time is out of range"),
    "time_zone_unknown": Kind(422, "未知的时区", "The time zone is unknown"),
    "text_empty": Kind(422, "投诉内容为空", "The text is empty"),
    "customer_missing": Kind(422, "账号、电话和渠道账号至少要有一个", "One of account, phone and handle is needed"),
    "reference_invalid": Kind(422, "必须用 complaint_id 或 source 加 source_id 指明投诉", "Name a complaint by complaint_id, or by source and source_id"),
    "reference_to_itself": Kind(422, "投诉不能指向自己", "A complaint cannot refer to itself"),
    "role_not_allowed": Kind(403, "该角色不能提交此类事实", "This role may not submit this kind of fact"),
    "source_id_taken": Kind(409, "该 source_id 已被另一类提交使用", "Another kind of submission has this source_id already"),
    "submission_differs": Kind(409, "同一 source_id 已有内容不同的提交，以第一次为准", "The same source_id came before with other content; the first one counts"),
    # who may
    "api_key_missing": Kind(401, "缺少 API 密钥", "The API key is missing"),
    "api_key_invalid": Kind(401, "API 密钥无效", "The API key is invalid"),
    "tenant_not_allowed": Kind(403, "该密钥不属于此委托方", "This key does not belong to that tenant"),
    "rate_limited": Kind(429, "该渠道请求过多，请稍后再试", "Too many requests from this channel; try again later"),
    # idempotency
    "idempotency_key_missing": Kind(400, "缺少 Idempotency-Key", "The Idempotency-Key header is missing"),
    "idempotency_key_invalid": Kind(400, "Idempotency-Key 不合法", "The Idempotency-Key is invalid"),
    "idempotency_key_running": Kind(409, "同一 Idempotency-Key 的请求仍在处理", "A request with this Idempotency-Key is still running"),
    "idempotency_key_reused": Kind(422, "该 Idempotency-Key 已用于其他内容", "This Idempotency-Key was used with another payload"),
    # the rest of HTTP
    "request_invalid": Kind(400, "请求不合法", "The request is invalid"),
    "complaint_unknown": Kind(404, "没有这件投诉", "There is no such complaint"),
    "not_found": Kind(404, "没有找到", "Not found"),
    "method_not_allowed": Kind(405, "不支持此方法", "This method is not allowed here"),
    "log_unavailable": Kind(503, "暂时无法写入事件日志，请稍后重试", "The event log is away; try again later"),
    "starting": Kind(503, "服务正在启动，请稍后重试", "The service is starting; try again later"),
    "overloaded": Kind(503, "系统繁忙，请稍后重试", "Too busy; try again later"),
    "internal_error": Kind(500, "内部错误", "Internal error"),
}  # fmt: skip


class Titles(Struct, frozen=True):
    """The title in both languages."""

    zh: str
    en: str


class ProblemBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem as callers read it. `title` is in the language asked for, `titles` has both; `path` points into the body."""

    type: str
    title: str
    status: int
    code: str
    titles: Titles
    detail: str = ""
    path: str = ""


class Problem(Exception):
    """Something to tell the caller; `code` must be one of PROBLEMS. `path` is a JSON path (`$.customer.phone`)."""

    def __init__(self, code: str, detail: str = "", *, path: str = "", retry_after_s: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.path = path
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.code].status


_encode = msgspec.json.Encoder().encode


def body_of(problem: Problem, *, lang: str) -> ProblemBody:
    """The problem with its title in `lang` ("zh" or "en")."""
    kind = PROBLEMS[problem.code]
    return ProblemBody(
        type=f"urn:kesu:problem:{problem.code}",
        title=kind.zh if lang == "zh" else kind.en,
        status=kind.status,
        code=problem.code,
        titles=Titles(zh=kind.zh, en=kind.en),
        detail=problem.detail,
        path=problem.path,
    )


def encoded(problem: Problem, *, lang: str) -> bytes:
    """The problem as problem+json."""
    return _encode(body_of(problem, lang=lang))


def language_of(accept_language: str | None) -> str:
    """ "zh" or "en": the first of the two that an Accept-Language header prefers; "zh" where it names neither."""
    best, weight = "zh", 0.0
    for item in (accept_language or "")[:200].split(","):
        tag, _, parameters = item.strip().lower().partition(";")
        lang = tag.partition("-")[0].strip()
        quality = _quality(parameters)
        if lang in ("zh", "en") and quality > weight:
            best, weight = lang, quality
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
