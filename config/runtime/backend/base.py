"""The database backend of embedded mode.

It is Django's own; only the moment before a connection is opened differs, so that any command, worker or web
process that comes to need the database finds it running, and one that does not need it starts nothing.
"""

from typing import Any

from django.db.backends.postgresql import base

from config.runtime import services


class DatabaseWrapper(base.DatabaseWrapper):
    """Starts or attaches to the embedded services when it first connects."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Attach, then connect as Django does."""
        services.attach()
        return super().get_new_connection(conn_params)
