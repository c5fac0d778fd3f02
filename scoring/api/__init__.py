"""The public and the officers' endpoints of `scoring`."""
