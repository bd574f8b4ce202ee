"""Apache Kafka and PostgreSQL in containers, for tests and measurements on the real servers: gone when they end."""
