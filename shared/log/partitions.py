"""Which partition a key belongs to, for the life of the log."""

from zlib import crc32


def partition_of(key: str, partitions: int) -> int:
    """CRC-32 of the key's UTF-8 bytes modulo the number of partitions (librdkafka's `consistent` partitioner)."""
    return crc32(key.encode()) % partitions
