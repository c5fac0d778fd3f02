"""Admin pages that stand above one app: what follows from them reaches through several."""

from config.admin import calendar, merges, pilots

__all__ = ["calendar", "merges", "pilots"]
