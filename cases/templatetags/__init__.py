"""Template filters of case work."""
