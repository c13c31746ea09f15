"""The provisioning URL: how it is read, checked, built and converted. Pure text; nothing here opens a socket."""
