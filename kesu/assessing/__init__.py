"""Judges texts of a file with a policy pack, without any service: `kesu assess`."""
