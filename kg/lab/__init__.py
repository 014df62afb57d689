"""What makes and measures the project: data tables, weights, quality figures. Not needed to use it."""
