"""A pack with a learned layer: in memory, and as a folder that extends the pack it was learned beside."""

from services.routing.policy.learned import MEMBER
from services.routing.policy.pack import Pack, build_pack
from services.routing.policy.source import PackSource


def rules_alone(pack: Pack) -> Pack:
    """`pack` without its learned layer."""
    if not any(MEMBER in files for files in pack.source.layers):
        return pack
    layers = ({name: body for name, body in files.items() if name != MEMBER} for files in pack.source.layers)
    return build_pack(PackSource(tuple(files for files in layers if files)))


def with_layer(pack: Pack, model: bytes) -> Pack:
    """A pack that lays `model` on `pack`; raises PackError for a model that is none."""
    return build_pack(PackSource((*pack.source.layers, {MEMBER: model})))
