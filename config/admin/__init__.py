"""Admin pages that stand above one app: what follows from them reaches through several."""

from config.admin import calendar, pilots

__all__ = ["calendar", "pilots"]
