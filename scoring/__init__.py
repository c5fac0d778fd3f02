"""Rules, ledger, measures, scorecards: what follows from a decision for one person."""
