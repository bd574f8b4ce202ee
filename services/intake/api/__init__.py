"""The HTTP door: thin routes that read a request, hand it to the one way in, and write the answer."""
