"""The generator's tables: what customers say, who they are and where they live."""
