"""Pages of `cases`: behind a letter for the person, and hand-overs for staff offices."""
