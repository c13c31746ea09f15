"""Views of a finished report: one file a format. They know the model and the catalogue's words, and nothing else."""
