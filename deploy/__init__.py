"""How Kesu is put up: images, topics, roles, the embedded one-machine stack."""
