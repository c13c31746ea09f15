"""Who connects: the clients' own view of TLS and trust."""
