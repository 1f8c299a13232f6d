"""Through both doors, on real servers."""
