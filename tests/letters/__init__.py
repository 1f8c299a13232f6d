"""Letters that must behave: committed bytes, and beside them what is expected of each."""
