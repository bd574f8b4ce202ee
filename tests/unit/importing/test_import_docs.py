"""The documentation names every code and every mapping, and its example works."""

import re
from pathlib import Path

import pytest

from kesu.importing.findings import FILE, NOTES, REFUSED
from kesu.importing.mapping_files import load_mapping, shipped

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["importing.md", "importing.zh-CN.md"])
def test_a_page_tells_all_and_its_example_loads(page: str, tmp_path: Path) -> None:
    text = (DOCS / page).read_text("utf-8")

    missing = [name for name in (*REFUSED, *NOTES, *FILE, *shipped()) if f"`{name}`" not in text]
    assert missing == []
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example
    (tmp_path / "example.yaml").write_text(example[1], "utf-8")
    assert load_mapping(str(tmp_path / "example.yaml")).mapping.fields
