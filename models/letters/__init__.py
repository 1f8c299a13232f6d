"""The texts we send, one file per letter and language."""
