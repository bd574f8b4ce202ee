"""The house as it stands keeps its own rules."""

from pathlib import Path

from tests.architecture import house

ROOT = Path(__file__).resolve().parents[2]


def test_no_file_function_or_migration_is_too_long() -> None:
    assert [] == house.too_long(ROOT)


def test_every_module_says_what_lives_in_it() -> None:
    assert [] == house.without_purpose(ROOT)


def test_no_module_is_a_bucket() -> None:
    assert [] == house.buckets(ROOT)


def test_rules_are_pure() -> None:
    assert list(house.rules_files(ROOT))
    assert [] == house.impure(ROOT)


def test_every_service_has_the_same_rooms() -> None:
    assert [] == house.missing_rooms(ROOT)


def test_the_readmes_of_the_services_say_the_same_things_in_the_same_order() -> None:
    assert [] == house.unlike(ROOT)
