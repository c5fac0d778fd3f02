"""Reading a roster: columns → cells → rows that are valid in themselves → what would change. Nothing here writes."""
