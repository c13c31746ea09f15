"""The kinds of findings, one module for each family of codes."""
