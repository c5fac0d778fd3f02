"""What may be done to institutions, people, notices and the record of acts. Call services through their module."""
