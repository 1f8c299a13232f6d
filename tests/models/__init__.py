"""The register and its rules."""
