"""Language check: what should not be said to a customer in the way it is said, and how to say it better (domain 3.11)."""
