"""What can go wrong with the embedded services, said so that the reader knows what to do next."""


class RuntimeTrouble(Exception):
    """The embedded services cannot be used; the message says why and what to do."""
