"""Commands of `institutions`."""
