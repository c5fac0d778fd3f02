"""Every kind of effect that a decision can have: how it is written down, undone and told. One class per kind."""
