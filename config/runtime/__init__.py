"""The embedded runtime: a private PostgreSQL and Valkey for demonstrations, development and tests.

Used only where DATABASE_URL is not set. `services.attach()` is the door; nothing here imports Django.
"""
