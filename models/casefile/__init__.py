"""The file of one case for the supervisory authority: page, letters, journal, digests."""
