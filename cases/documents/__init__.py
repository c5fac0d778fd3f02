"""Files in which cases arrive, read strictly: every complaint names the exact place."""
