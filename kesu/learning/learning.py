"""One file learned from, beginning to end."""

from pathlib import Path

from msgspec import Struct

from kesu.learning.examples import Example
from kesu.learning.folder import check_out, rules_of, write_folder
from kesu.learning.measured import Figure, measured
from kesu.learning.seen import see
from kesu.learning.training import cross, finish
from services.routing.policy.learned import Head
from services.routing.policy.pack import load_pack


class Learned(Struct, frozen=True, kw_only=True):
    """What came of it. `pack` is the hash of the pack that was written, `heads` what its layer has learned to say."""

    examples: int
    heads: tuple[Head, ...]
    model_bytes: int
    pack: str
    out: str
    figures: tuple[Figure, ...]


def learn(examples: list[Example], out: Path, *, base: str | None) -> Learned:
    """Learn a layer and write its pack to `out`, beside the rules that are there, else those of `base` (None: telecom).

    Raises OutTaken, CannotLearn and PackError.
    """
    check_out(out)
    rules = rules_of(out, base)
    rows = see(examples, rules)
    crossed = cross(rows)
    model = finish(rows, crossed, base=rules.content_hash)
    figures = measured(rows, crossed, rules)
    write_folder(out, rules, model)
    return Learned(
        examples=len(examples), heads=crossed.heads, model_bytes=len(model), pack=load_pack(out).content_hash,
        out=str(out), figures=figures,
    )  # fmt: skip
