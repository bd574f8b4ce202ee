"""The documentation names every field of rows and lines, and every code of its own."""

from pathlib import Path

import pytest

from kesu.assessing.errors import NOTES, OWN
from kesu.assessing.judged import Judged, Mark
from kesu.assessing.rows import InputRow
from shared.events.intake import Stated

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["assessing.md", "assessing.zh-CN.md"])
def test_a_page_tells_all(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    fields = {name for one in (InputRow, Judged, Mark, Stated) for name in one.__struct_fields__}

    assert [] == sorted(name for name in (*fields, *NOTES, *OWN) if f"`{name}`" not in text)
