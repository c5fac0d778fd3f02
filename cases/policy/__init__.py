"""Rules of attribution as arithmetic on plain values: no Django, no clock, no database."""
