"""Writes the contract's documents from the code: AsyncAPI for the topics, OpenAPI for the doors; never a breaking change."""
