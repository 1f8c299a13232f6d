"""The only writers: one act, one transaction."""
