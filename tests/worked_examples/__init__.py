"""Worked examples of the rules: scenario files a lawyer can read, each with its arithmetic beside it."""
