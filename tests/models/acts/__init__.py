"""Acts on both databases."""
