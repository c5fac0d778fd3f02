"""One factory file per noun."""
