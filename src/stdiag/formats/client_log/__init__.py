"""Logs of clients and servers: read once from beginning to end, in bounded memory, with known lines recognised."""
