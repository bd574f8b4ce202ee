"""What every service stands on: the contract, the log, the database, the clock; no business rule lives here."""
