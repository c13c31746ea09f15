"""The words of the XML reader's slips: what only reading the file shows."""

from __future__ import annotations

RAW_AMPERSAND = "raw-ampersand"
"""An & that begins no reference: no XML parser takes the file. `name`: the setting in whose value it stands."""

REPEATED_ELEMENT = "repeated-element"
"""A further element of this name inside the same one. `name`: its path without a number; `detail`: the first one's
line."""

STRAY_TEXT = "stray-text"
"""Text beside elements, where nobody reads it. `name`: the element that it stands in."""

OTHER_ROOT = "other-root"
"""The outermost element has another name than the file's kind has. `name`: its name; `detail`: the right one."""
