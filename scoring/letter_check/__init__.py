"""The check of a decision letter as a program of its own, and how it is put into one file."""
