"""GraphQL views of the register's nouns."""
