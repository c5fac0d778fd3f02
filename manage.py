#!/usr/bin/env python
"""The command line of Jifen: `manage.py help` lists what it can do."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run one management command with the development settings unless told otherwise."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from config.runtime.signals import exit_on_terminate

    exit_on_terminate()
    from django.core.management import execute_from_command_line

    from config.runtime.errors import RuntimeTrouble

    try:
        execute_from_command_line(sys.argv)
    except RuntimeTrouble as trouble:
        sys.exit(f"{type(trouble).__name__}: {trouble}")


if __name__ == "__main__":
    main()
