"""Real servers for tests: Dovecot, PostgreSQL and an SMTP server that fails on request."""
