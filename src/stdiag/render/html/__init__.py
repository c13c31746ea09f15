"""The report as one HTML file: what is attached to a case, printed, and read on a phone."""
