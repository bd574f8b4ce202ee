"""Measures Kesu on this machine: what a complaint costs, beside the floor that no implementation can beat."""
