"""What may be done to rulebooks, ledger, measures and scorecards. Writes only; each in one transaction."""
