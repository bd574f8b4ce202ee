"""`python -m services.routing`."""

import sys

from services.routing.app import create_app
from services.routing.settings import RoutingSettings
from shared.runtime.service import run

if __name__ == "__main__":
    sys.exit(run(create_app(RoutingSettings())))
