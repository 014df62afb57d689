"""Statements as RDF: the mapping both ways, JSON-LD, and the check against the shapes."""
