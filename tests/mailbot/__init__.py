"""Mail in, mail out."""
