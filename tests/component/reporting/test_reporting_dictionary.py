"""The data dictionary says what the views are, in both languages, and is current."""

from pathlib import Path
from typing import Any

from services.reporting.dictionary import columns, markdown

DOCUMENT = Path(__file__).parents[3] / "docs/data-dictionary.md"


async def test_every_view_and_column_is_described_in_both_languages(conn: Any) -> None:
    described = await columns(conn)

    assert {"v_complaints", "v_timeline", "v_promises", "v_callbacks", "v_kpi_daily"} == {c.view for c in described}
    for column in described:
        for comment in (column.about, column.comment):
            zh, bar, en = (comment or "").partition(" | ")
            assert bar and zh and en, f"{column.view}.{column.column} is not described in zh and en"
            assert not zh.isascii() and en.isascii(), f"{column.view}.{column.column}: zh first, then en"


async def test_the_document_is_what_the_database_says(conn: Any) -> None:
    assert markdown(await columns(conn)) == DOCUMENT.read_text(), (
        "make it anew: python -m services.reporting.dictionary"
    )
