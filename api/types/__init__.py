"""GraphQL views of the nouns: no arithmetic, no SQL."""
