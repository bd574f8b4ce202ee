"""What a policy owner does with packs: bring one into force, and write the schemas that editors check tables with."""
