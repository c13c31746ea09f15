"""Thin click commands: parse, call, render, exit. Found by the table in main.py, imported only when called."""
