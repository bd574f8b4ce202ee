"""`python -m services.intake`."""

import sys

from services.intake.app import create_app
from services.intake.settings import IntakeSettings
from shared.runtime.service import run

if __name__ == "__main__":
    sys.exit(run(create_app(IntakeSettings())))
