"""What several probes need of one another: TLS handshakes recorded, chains judged. Holds no probe."""
