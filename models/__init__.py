"""The house: what is true and who may change it."""
