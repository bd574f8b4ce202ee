"""`python -m services.reporting`."""

import sys

from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from shared.runtime.service import run

if __name__ == "__main__":
    sys.exit(run(create_app(ReportingSettings())))
