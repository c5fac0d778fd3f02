"""`/n/{number}`: the page behind a letter, for the person to whom it went. Phone first; works without JavaScript."""
