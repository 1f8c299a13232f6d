"""Each test says in one sentence what is true."""
