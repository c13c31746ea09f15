"""The photos' family in one place: its kinds come from two modules."""

from __future__ import annotations

from stdiag.catalogue.kinds import photo_file, photo_host

KINDS = (*photo_host.KINDS, *photo_file.KINDS)
