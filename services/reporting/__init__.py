"""Projects every fact into Postgres views, figures and a read API."""
