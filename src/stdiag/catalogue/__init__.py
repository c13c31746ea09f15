"""The catalogue: everything that stdiag can find, by code. Words live here and nowhere else."""
