"""Lines that HCL's pages show and YAML does not allow, put right before the file is read; each is noted.

Every line stays one line, so that places stay true; columns behind a repaired spot may be off.
"""

from __future__ import annotations

import json
import re

from stdiag.formats.config.document import ConfigKind, Place, Slip
from stdiag.formats.config.environment_slips import EnvironmentSlip

# "Enabling Community trace" (12.0): env_file: - custom.env - debug.env
_LIST_ON_ONE_LINE = re.compile(
    r"([ \t]*)(env[_ -]?file)[ \t]*:[ \t]*(-[ \t]+[^\s#-][^\s#]*(?:[ \t]+-[ \t]+[^\s#]+)*)[ \t]*(#.*)?"
)
# "Specifying a cipher for Sametime to connect to Domino LDAP on Kubernetes": STI__Config__…=… below sametimeIni:
_EQUALS = re.compile(r"([ \t]+)(STI_[\w\\]+)[ \t]*=[ \t]*(.*)")


def repaired(text: str, kind: ConfigKind) -> tuple[str, list[Slip]]:
    """The text as it is meant, and what was wrong."""
    lines = text.split("\n")
    slips: list[Slip] = []
    for index, line in enumerate(lines):
        if kind is ConfigKind.COMPOSE and (listed := _LIST_ON_ONE_LINE.fullmatch(line)):
            names = re.split(r"[ \t]+-[ \t]+", listed[3].removeprefix("-").strip())
            lines[index] = f"{listed[1]}{listed[2]}: {json.dumps(names)}"
            place = Place(line=index + 1, column=len(listed[1]) + 1)
            slips.append(
                Slip(kind=EnvironmentSlip.LIST_ON_ONE_LINE, place=place, name=listed[2], detail=", ".join(names))
            )
        elif kind is ConfigKind.HELM_VALUES and (written := _EQUALS.fullmatch(line)):
            name, value = written[2], written[3].strip()
            quoted = value if re.fullmatch(r"\"[^\"\\]*\"|'[^']*'", value) else json.dumps(value)
            lines[index] = f"{written[1]}{name}: {quoted}"
            place = Place(line=index + 1, column=len(written[1]) + 1)
            slips.append(Slip(kind=EnvironmentSlip.EQUALS_IN_YAML, place=place, name=name))
    return "\n".join(lines), slips
