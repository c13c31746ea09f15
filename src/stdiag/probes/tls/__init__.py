"""Is the TLS chain complete, and for which clients?"""
