"""Articles as they come: files, folders, pages, JSON Lines, Parquet; every offset counts in the text as given."""
