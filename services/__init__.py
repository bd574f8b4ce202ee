"""The four services of Kesu."""
