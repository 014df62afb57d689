"""Articles as they come: files, folders, pages, JSON Lines; every offset counts in the text as given."""
