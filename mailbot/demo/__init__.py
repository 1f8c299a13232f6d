"""The in-process mail server and its sample letters."""
