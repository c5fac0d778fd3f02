"""Django's PostgreSQL backend, which attaches to the embedded services before its first connection."""
