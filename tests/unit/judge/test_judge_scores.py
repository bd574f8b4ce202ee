"""Scores against values worked out by hand."""

import pytest

from kesu.judge.scores import correlation, f1, kappa, macro_f1, mean_error, share_agreeing

# 20 rows: 6 hits, 2 missed, 3 false alarms, 9 rightly passed over.
FOUND = {(True, True): 6, (True, False): 2, (False, True): 3, (False, False): 9}
THREE = {("a", "a"): 4, ("a", "b"): 1, ("b", "b"): 2, ("b", "c"): 2, ("c", "a"): 1}


def test_f1_is_twice_the_hits_over_labelled_and_judged() -> None:
    assert 12 / 17 == pytest.approx(f1(FOUND, True))
    assert 18 / 23 == pytest.approx(f1(FOUND, False))
    assert 0 == f1({(True, False): 3}, True) == f1({}, True)


def test_macro_f1_counts_every_class_the_same_though_never_right() -> None:
    assert (8 / 10 + 4 / 7 + 0 / 3) / 3 == pytest.approx(macro_f1(THREE, ("a", "b", "c")))


def test_kappa_is_agreement_beyond_chance() -> None:
    # agreed 15/20; by chance (8*9 + 12*11)/400 = 0.51
    assert (0.75 - 0.51) / 0.49 == pytest.approx(kappa(FOUND))
    # agreed 6/10; by chance (5*5 + 4*3 + 1*2)/100 = 0.39
    assert 0.21 / 0.61 == pytest.approx(kappa(THREE))
    assert 0 == pytest.approx(kappa({("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1}))
    assert 1 == kappa({("a", "a"): 3})


def test_a_share_is_of_all_pairs() -> None:
    assert 0.75 == share_agreeing(FOUND)


def test_correlation_and_error_of_numbers() -> None:
    # (1,2) twice, (4,5), (6,3): means 3 and 3; together -2*-1*2 + 1*2 + 0 = 6; spreads 8+1+9 = 18 and 2+4+0 = 6
    numbers = {(1.0, 2): 2, (4.0, 5): 1, (6.0, 3): 1}
    assert 6 / (18 * 6) ** 0.5 == pytest.approx(correlation(numbers))
    assert 6 / 4 == mean_error(numbers)
    assert 1 == pytest.approx(correlation({(1, 2): 5, (3, 6): 1}))
    assert 0 == correlation({(1, 2): 5, (3, 2): 1})
