"""Takes out of a report who it is about, by the type of each field: pass one collects, pass two replaces."""
