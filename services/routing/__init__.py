"""Decides who is responsible for a complaint, how serious it is and how it is to be handled."""
