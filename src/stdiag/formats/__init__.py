"""Pure parsers: text that people and products write, to values. Nothing here opens a connection."""
