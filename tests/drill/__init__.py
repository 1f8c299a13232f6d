"""Faults on purpose, on real servers: nothing lost, nothing doubled, every doubt shown."""
