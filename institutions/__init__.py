"""Who: regions, institutions, people, users; the record of acts; the notices outbox. The lowest layer."""
