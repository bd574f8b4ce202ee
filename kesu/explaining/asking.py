"""A complaint's decisions asked of the routing service."""

from typing import Final

import httpx
import msgspec

from services.routing.explaining.shown import Decisions
from shared.errors import Stopped
from shared.events.envelope import Language

TIMEOUT_S: Final = 10.0
REVEAL_KEY: Final = "X-Kesu-Reveal-Key"


def ask(url: str, complaint_id: str, *, lang: Language, reveal_key: str) -> Decisions:
    """The decisions about a complaint from the service at `url`; its words only with `reveal_key`. Raises Stopped."""
    headers = {"Accept-Language": lang} | ({REVEAL_KEY: reveal_key} if reveal_key else {})
    address = f"{url.rstrip('/')}/v1/decisions/{complaint_id}"
    try:
        answer = httpx.get(
            address, headers=headers, params={"reveal": "true"} if reveal_key else None, timeout=TIMEOUT_S
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Stopped(
            "routing_not_reachable", zh=f"连不上路由服务 {url}：{error}", en=f"routing at {url} is away: {error}"
        ) from error
    if answer.status_code != httpx.codes.OK:
        raise _refused(answer)
    try:
        return msgspec.json.decode(answer.content, type=Decisions)
    except msgspec.DecodeError as error:
        raise Stopped(
            "answer_not_understood", zh=f"{url} 的回答不是决定说明", en=f"what {url} answered is no explanation"
        ) from error


class _Titles(msgspec.Struct):
    zh: str
    en: str


class _Problem(msgspec.Struct):
    code: str
    titles: _Titles


def _refused(answer: httpx.Response) -> Stopped:
    """The problem as the service told it."""
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.DecodeError:
        return Stopped("refused", zh=f"路由服务回答 {answer.status_code}", en=f"routing answered {answer.status_code}")
    return Stopped(problem.code, zh=problem.titles.zh, en=problem.titles.en)
