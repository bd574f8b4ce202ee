"""A company's pack on a default pack: its rows by id, its words added and removed, and one hash over everything."""

from pathlib import Path

import pytest

from services.routing.policy.body import packed, unpacked
from services.routing.policy.documents import documents_of
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack, build_pack, load_pack
from services.routing.policy.source import PACK_BYTES_MAX, PackSource, default_packs, read_source
from services.routing.rules import decide
from shared.events.routing import History
from tests.unit.routing.bench import case_of, default_pack

HEAD = "extends: telecom_cn\nname: harbour\nzh: 港口电信\nen: Harbour Telecom\n"


def company(folder: Path, files: dict[str, str], *, head: str = HEAD) -> Path:
    """A pack in `folder` that extends another."""
    for name, text in {"pack.yaml": head, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows_of(pack: Pack, table: str) -> list[str]:
    return [rule.row.id for rule in getattr(pack.tables, table).rules]


def test_what_it_does_not_say_is_inherited(tmp_path: Path) -> None:
    pack = load_pack(company(tmp_path, {}, head=HEAD + "amount_limits: {USD: 50000, AUD: null}\n"))
    assert "harbour" == pack.name
    assert default_pack().settings.amount_limits | {"USD": 50000} == pack.settings.amount_limits | {"AUD": 150000}
    assert "AUD" not in pack.settings.amount_limits
    assert rows_of(default_pack(), "severity") == rows_of(pack, "severity")


def test_a_row_of_the_same_id_takes_the_place_of_the_inherited_one(tmp_path: Path) -> None:
    row = '- {id: s1_extreme, severity: S2, when: has_extreme, zh: "极端表达", en: "Extreme words"}\n'
    pack = load_pack(company(tmp_path, {"tables/severity.yaml": row}))
    assert rows_of(default_pack(), "severity") == rows_of(pack, "severity")
    assert {"S2"} == {rule.row.severity for rule in pack.tables.severity.rules if rule.row.id == "s1_extreme"}


def test_new_rows_stand_first_or_where_they_say_and_rows_can_be_taken_away(tmp_path: Path) -> None:
    rows = """
- {id: s1_extreme, remove: true}
- {id: ours_1, severity: S1, when: abuse, zh: "一", en: "one"}
- {id: ours_2, severity: S2, when: group, zh: "二", en: "two"}
- {id: ours_3, severity: S3, when: outage, after: ours_1, zh: "三", en: "three"}
- {id: s1_danger, severity: S1, when: danger, before: ours_1, zh: "危险", en: "danger"}
"""
    pack = load_pack(company(tmp_path, {"tables/severity.yaml": rows}))
    rest = [one for one in rows_of(default_pack(), "severity") if one not in ("s1_extreme", "s1_danger")]
    assert ["s1_danger", "ours_1", "ours_3", "ours_2", *rest] == rows_of(pack, "severity")


def test_words_are_added_and_removed(tmp_path: Path) -> None:
    words = "abuse: {add: [木头脑袋], remove: [王八]}\n"
    pack = load_pack(company(tmp_path, {"lexicons/signals.ours.zh.yaml": words}))

    def abusive(text: str, pack: Pack) -> bool:
        return decide(case_of(text, lang="zh"), History(), pack).assessment.abuse

    assert not abusive("你们这帮木头脑袋", default_pack()) and abusive("你们这帮木头脑袋", pack)
    assert abusive("你们这些王八", default_pack()) and not abusive("你们这些王八", pack)


def test_a_tenant_extends_the_company(tmp_path: Path) -> None:
    row = '- {id: ours, unit: harbour_desk, when: abuse, zh: "本公司", en: "ours"}\n'
    company(tmp_path / "company", {"tables/unit.yaml": row})
    tenant = company(tmp_path / "tenant", {}, head="extends: ../company\nname: quay\nzh: 码头\nen: Quay\n")
    pack = load_pack(tenant)
    assert ("quay", "ours") == (pack.name, rows_of(pack, "unit")[0])
    assert 3 == len(pack.source.layers)


def test_the_hash_names_everything_inherited(tmp_path: Path) -> None:
    row = '- {id: ours, unit: harbour_desk, when: abuse, zh: "本公司", en: "ours"}\n'
    company(tmp_path / "company", {"tables/unit.yaml": row})
    tenant = company(tmp_path / "tenant", {}, head="extends: ../company\nname: quay\nzh: 码头\nen: Quay\n")
    before = read_source(tenant).content_hash
    assert before == read_source(tenant).content_hash
    company(tmp_path / "company", {"tables/unit.yaml": row.replace("harbour_desk", "pier_desk")})
    assert before != read_source(tenant).content_hash


def test_a_body_holds_the_whole_pack(tmp_path: Path) -> None:
    source = read_source(company(tmp_path, {"learned/model.json": "{}"}))
    body = packed(source)
    assert (source, body) == (unpacked(body), packed(unpacked(body)))
    assert {"learned/model.json": b"{}"} == documents_of(unpacked(body)).members


def test_what_is_unpacked_is_the_pack(tmp_path: Path) -> None:
    pack = load_pack(company(tmp_path, {}))
    assert pack.content_hash == build_pack(unpacked(packed(pack.source))).content_hash


def test_a_layer_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="is not a model"):
        load_pack(company(tmp_path, {"learned/model.json": "{}"}))


@pytest.mark.parametrize("body", [b"", b"no pack", packed(read_source())[:-1], packed(PackSource(()))])
def test_what_is_no_pack_is_refused(body: bytes) -> None:
    with pytest.raises(PackError):
        unpacked(body)


def test_a_body_cannot_grow_without_bound() -> None:
    with pytest.raises(PackError, match="large"):
        unpacked(packed(PackSource(({"pack.yaml": bytes(PACK_BYTES_MAX + 1)},))))


@pytest.mark.parametrize(
    ("files", "head", "row"),
    [
        ({}, "extends: nowhere\n", "extends"),
        ({}, "extends: ./\nname: a\n", None),
        ({"tables/severity.yaml": "- {id: gone, remove: true}"}, HEAD, "gone"),
        ({"tables/severity.yaml": "- {id: new, before: gone, severity: S1, zh: 一, en: one}"}, HEAD, "new"),
        ({"tables/severity.yaml": "- {id: new, before: a, after: b}"}, HEAD, "new"),
        ({"lexicons/signals.ours.yaml": "abuse: {remove: [从没有过的词]}"}, HEAD, "abuse"),
        ({"lexicons/signals.ours.yaml": "abuse: {plus: [词]}"}, HEAD, "abuse"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, files: dict[str, str], head: str, row: str | None) -> None:
    with pytest.raises(PackError) as caught:
        load_pack(company(tmp_path, files, head=head))
    assert row is None or row == caught.value.row


def test_a_default_pack_is_found_by_its_name() -> None:
    assert "telecom_cn" in default_packs()
    assert load_pack().content_hash == load_pack("telecom_cn").content_hash
    with pytest.raises(PackError, match="no such folder"):
        load_pack("telecom_mars")


def test_whole_files_can_be_left_out(tmp_path: Path) -> None:
    head = HEAD + "leave_out: [tables/clocks, lexicons/topics.tr*]\n"
    words = "gone_fishing: [钓鱼]\n"
    company(tmp_path / "base", {"lexicons/topics.trout.zh.yaml": words, "tables/clocks.yaml": "[]"})
    pack = load_pack(company(tmp_path / "own", {}, head=head.replace("telecom_cn", "../base")))
    assert () == pack.tables.clocks.rules and "gone_fishing" not in pack.lexicon.signals
    with pytest.raises(PackError, match="tables/cloks"):
        load_pack(company(tmp_path / "own", {}, head=HEAD + "leave_out: [tables/cloks]\n"))
