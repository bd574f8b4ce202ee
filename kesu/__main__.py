"""`python -m kesu`: the command line."""

from kesu.cli import app

if __name__ == "__main__":
    app(prog_name="kesu")
