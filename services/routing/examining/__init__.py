"""What is checked before a pack comes into force: what a person who edits tables could not see by reading them."""
