"""Explanation: why a complaint was judged as it was, in words a supervisor reads, zh or en (domain 3)."""
