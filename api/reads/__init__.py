"""The read path: one SQL statement per selected level, never one per row."""
