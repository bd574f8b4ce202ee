"""How much a channel may send: a bucket of tokens that fills at a steady rate."""

from msgspec import Struct


class Rate(Struct, frozen=True):
    """`per_s` events each second, and at most `burst` at once."""

    per_s: float
    burst: float


class Bucket(Struct, frozen=True):
    """`tokens` left at second `at_s` of a monotonic clock."""

    tokens: float
    at_s: float


def drawn(bucket: Bucket | None, events: int, *, rate: Rate, now_s: float) -> tuple[Bucket, float]:
    """The bucket after `events` events, and 0.0; or the bucket as it is, and after how many seconds to come again.

    A request larger than the whole bucket is let through when the bucket is full, and leaves a debt.
    """
    before = bucket or Bucket(rate.burst, now_s)
    tokens = min(rate.burst, before.tokens + (now_s - before.at_s) * rate.per_s)
    needed = min(float(events), rate.burst)
    if tokens >= needed:
        return Bucket(tokens - events, now_s), 0.0
    return Bucket(tokens, now_s), (needed - tokens) / rate.per_s
