"""The graph as a page in one file, and as displays in Jupyter."""
