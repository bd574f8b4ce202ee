"""What a verification counts on its way."""

from kesu.verify.delays import Delays


class Figures:
    """Counts up to the ends of the log that is judged; `newer_…` and `unread_…` were left out, being no findings."""

    def __init__(self) -> None:
        self.events = 0
        self.repeated = 0
        self.archived = 0
        self.complaints = 0
        self.open_complaints = 0
        self.promises = 0
        self.open_promises = 0
        self.newer_events = 0
        self.newer_rows = 0
        self.newer_complaints = 0
        self.unread_events = 0
        self.unread_complaints = 0
        self.lapses = Delays()
