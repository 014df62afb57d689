"""Political news as a knowledge graph of statements. WIP docstring."""

__version__ = "0.1.0"
