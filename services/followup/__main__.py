"""`python -m services.followup`."""

import sys

from services.followup.app import create_app
from services.followup.settings import FollowupSettings
from shared.runtime.service import run

if __name__ == "__main__":
    sys.exit(run(create_app(FollowupSettings())))
