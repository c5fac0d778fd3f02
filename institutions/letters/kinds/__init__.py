"""The words of each kind of letter, by audience."""
