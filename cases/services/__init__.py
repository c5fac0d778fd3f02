"""What may be done with cases and attributions. Call services through their module."""
