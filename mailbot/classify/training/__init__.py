"""Training and comparing the model; nothing here is needed to read letters."""
