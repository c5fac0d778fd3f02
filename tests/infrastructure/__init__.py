"""What the tests run on: databases, workers, brokers."""
