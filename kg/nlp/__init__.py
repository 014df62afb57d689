"""One spaCy pass, and what is read off its parse: the tree, clauses, times."""
