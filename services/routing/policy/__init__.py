"""Policy packs: what they may say, how they are read, checked and made ready to use."""
