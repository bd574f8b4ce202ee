"""CloudEvents 1.0: the JSON format, the HTTP binding (binary, structured, batch) and the Kafka binding."""
