"""Writes docs/reference/ from the commands, the types and the schema: `python -m stdiag.cli.docs [--check] [DIR]`."""
