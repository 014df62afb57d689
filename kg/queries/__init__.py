"""Questions to the graph: named SPARQL queries with parameters, and their results as tables, JSON and CSV."""
