"""Configuration files of Sametime servers and clients, read into settings with their places."""
