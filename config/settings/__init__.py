"""One module per way of running: dev, test, production; base holds what they share."""
