"""A seeded generator of believable telecom complaints, Chinese and English: the same seed gives the same bytes."""

from kesu.generator.stream import generate
from kesu.generator.truth import Generated, Truth

__all__ = ["Generated", "Truth", "generate"]
