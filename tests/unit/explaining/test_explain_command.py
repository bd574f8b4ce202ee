"""`kesu explain`: a sentence tried out at a terminal, a complaint asked of routing, and what cannot be explained."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from kesu.cli import app
from kesu.explaining.marked import marked
from services.routing.explaining.shown import Decisions, ShownMark
from shared.problems import Problem, encoded

TEXT = "宽带断网三天了,报修没人来,太过分了,要求退费。"
ID = "00000000-0000-4000-8000-000000000001"


def kesu(*words: str, **given: Any) -> Result:
    return CliRunner().invoke(app, ["explain", *words], env={"COLUMNS": "120"} | given.pop("env", {}), **given)


def test_a_sentence_is_explained_in_chinese_or_english() -> None:
    chinese, english = kesu("--text", TEXT), kesu("--text", TEXT, "--lang", "en")
    assert (0, 0) == (chinese.exit_code, english.exit_code)
    assert "结论" in chinese.output and "怎么谈" in chinese.output
    assert "Concluded" in english.output and "How to talk" in english.output


def test_brief_leaves_the_rules_out() -> None:
    assert "kind_" in kesu("--text", TEXT).output
    assert "kind_" not in kesu("--text", TEXT, "--brief").output


def test_json_is_all_that_is_written_then() -> None:
    result = kesu("--text", TEXT, "--json")
    found = msgspec.json.decode(result.stdout, type=Decisions)
    assert ("revealed", TEXT) == (found.text_state, found.text)


def test_a_dash_reads_standard_input() -> None:
    result = kesu("--text", "-", "--json", input=TEXT)
    assert TEXT == msgspec.json.decode(result.stdout, type=Decisions).text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "id_or_text"),
        ([ID, "--text", TEXT], "id_or_text"),
        (["--text", " "], "text_empty"),
        (["--text", "好" * 20_001], "text_too_long"),
        (["--text", TEXT, "--channel", "pigeon"], "no_such_channel"),
        (["--text", TEXT, "--pack", "/nowhere"], "pack_not_usable"),
        (["twelve"], "no_complaint_id"),
        ([ID, "--url", "http://127.0.0.1:9"], "routing_not_reachable"),
    ],
)
def test_what_cannot_be_explained_is_said_in_both_languages(words: list[str], code: str) -> None:
    result = kesu(*words)
    assert (1, True) == (result.exit_code, code in result.output)


class Routing(BaseHTTPRequestHandler):
    """Stands where routing answers: one complaint, its words for who presents the key."""

    def do_GET(self) -> None:
        asked = self.path.partition("?")[0]
        self.server.seen = dict(self.headers)  # type: ignore[attr-defined]
        known = asked == f"/v1/decisions/{ID}"
        body = self.server.answer if known else encoded(Problem("complaint_unknown"), lang="zh")  # type: ignore[attr-defined]
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def routing() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), Routing)
    server.answer = kesu("--text", TEXT, "--json").stdout_bytes
    server.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_complaint_is_asked_of_routing(routing: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a-key-of-some-length\n")
    result = kesu(ID, "--url", routing.url, "--lang", "en", env={"KESU_REVEAL_KEY_FILE": str(tmp_path / "key")})
    assert 0 == result.exit_code and "Concluded" in result.output
    assert ("en", "a-key-of-some-length") == (routing.seen["Accept-Language"], routing.seen["X-Kesu-Reveal-Key"])


def test_the_key_is_not_presented_where_none_is_given(routing: Any) -> None:
    kesu(ID, "--url", routing.url)
    assert "X-Kesu-Reveal-Key" not in routing.seen


def test_an_unknown_complaint_is_said_to_be_one(routing: Any) -> None:
    result = kesu(ID.replace("1", "2"), "--url", routing.url)
    assert (1, True) == (result.exit_code, "complaint_unknown" in result.output)


def test_marks_that_overlap_are_drawn_in_the_weightiest_style() -> None:
    marks = (
        ShownMark(number=1, signal="network", group="cause", says="网络", start=0, end=4),
        ShownMark(number=2, signal="abuse", group="heat", says="辱骂", start=2, end=4),
    )
    text = marked("宽带垃圾。", marks)
    assert "宽带垃圾¹²。" == text.plain
    console = Console(force_terminal=True, color_system="standard", width=80)
    assert ["bold black on yellow", "bold white on red"] == [str(span.style) for span in text.spans][:2]
    assert console.color_system
