"""Customer style: analytical, dominant, expressive, steady, as weights of a mixture (domain 3.3)."""

from collections.abc import Mapping


def mix_styles(points: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Shares in percent of the styles with signs, heaviest first, summing to 100; empty where nothing shows a style."""
    positive = sorted(((name, n) for name, n in points.items() if n > 0), key=lambda pair: (-pair[1], pair[0]))
    total = sum(n for _, n in positive)
    if not total:
        return ()
    shares = [(name, n * 100 // total) for name, n in positive]
    rest = 100 - sum(share for _, share in shares)
    return ((shares[0][0], shares[0][1] + rest), *shares[1:])
