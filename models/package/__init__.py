"""The access package: what the register holds about a person, for that person (Art. 15, 20)."""
