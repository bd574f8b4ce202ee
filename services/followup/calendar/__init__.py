"""Working time as data and arithmetic: which minutes count, known until when, and how a due time comes about."""
