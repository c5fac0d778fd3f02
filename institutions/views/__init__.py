"""Pages of `institutions`."""
