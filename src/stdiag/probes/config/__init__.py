"""Does the configuration say what the clients need?"""
