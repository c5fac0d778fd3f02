"""The demonstration: three published cases from roster to scorecards, through the real worker."""
