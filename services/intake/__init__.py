"""Takes in what channels send: checks it, normalises it and publishes it as facts."""
