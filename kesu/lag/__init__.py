"""How far each service is behind the log, from its positions in PostgreSQL and the ends of the log."""
