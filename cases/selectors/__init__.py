"""What may be asked of cases and attributions. Reads only."""
