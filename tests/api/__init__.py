"""The API as a dashboard sees it."""
