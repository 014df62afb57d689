"""Who says what: quotation marks, cues, sources and contents of a parsed text."""

from kg.attribution.speakers import attribute

__all__ = ["attribute"]
