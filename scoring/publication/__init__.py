"""Publication: the final bytes of a person's public page, made once when it changes and dated when they are sent."""
