"""The log as Kesu uses it: which partition, which headers, who writes and how far it is read."""
