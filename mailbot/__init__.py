"""The public's door: mail in, mail out."""
