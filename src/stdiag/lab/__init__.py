"""A small Sametime deployment on loopback, for demos, training and fault injection.

It imports neither `stdiag.net` nor `stdiag.pki` nor any probe: what the lab gets wrong, the diagnosis must be able to
see. Its means are the standard library's `ssl` and `socket`, and `cryptography` for minting certificates.
"""
