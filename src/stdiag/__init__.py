"""stdiag: connectivity diagnostics for HCL (formerly IBM) Sametime Proxy deployments."""

# A constant, not a metadata look-up: importlib.metadata costs more than click itself at every start.
__version__ = "0.1.0"
