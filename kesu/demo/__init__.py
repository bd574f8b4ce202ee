"""Weeks of a complaint centre in a minute: people act, the virtual clock jumps, the services do what they always do."""
