"""Statements as a network, and what can be measured on it."""
