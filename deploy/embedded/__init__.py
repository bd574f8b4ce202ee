"""Everything on one machine with one command: PostgreSQL, a Kafka-compatible broker and the services, gone when it ends."""
