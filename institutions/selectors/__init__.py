"""What may be asked of institutions, people, notices and calendars. Reads only."""
