"""What may be asked of accounts, statuses and scorecards. Reads only."""
