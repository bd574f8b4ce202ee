"""Learns the layer of a pack from labelled cases: `kesu learn`. Needs the extra `kesu[learn]`; services never import it."""
