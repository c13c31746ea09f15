"""The probes: one module a question. They never import each other."""
