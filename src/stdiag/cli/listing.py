"""`stdiag list`: which questions stdiag asks, and what it can find."""

from __future__ import annotations

import click


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(as_json: bool) -> None:
    """List the probes and all codes that they can find."""
    import sys

    from stdiag.catalogue.document import reach_words
    from stdiag.catalogue.registry import FAMILIES
    from stdiag.probes.registry import PROBES

    if as_json:
        click.echo(_document())
        return
    from stdiag.render.terminal import style_of

    style = style_of(sys.stdout)
    lines = ["Probes"]
    column = max((len(probe.name) for probe in PROBES), default=0) + 4
    for probe in PROBES:
        lines += style.wrap(probe.question, f"  {probe.name}".ljust(column), " " * column)
    for family, kinds in FAMILIES.items():
        column = max(len(kind.code) for kind in kinds) + 13
        lines += ["", f"{family} findings"]
        for kind in kinds:
            first = f"  {kind.code}".ljust(column - 9) + kind.severity.value.ljust(9)
            lines += style.wrap(reach_words(kind), first, " " * column)
    click.echo("\n".join([*lines, "", "stdiag explain CODE says what a finding means and how to fix it."]))


def _document() -> str:
    import msgspec

    from stdiag.catalogue.registry import FAMILIES
    from stdiag.probes.registry import PROBES

    document = {
        "probes": [{"name": probe.name, "question": probe.question} for probe in PROBES],
        "codes": [
            {
                "code": kind.code,
                "family": family,
                "severity": kind.severity,
                "reach": kind.reach,
                "affects": kind.affects,
                "spares": kind.spares,
                "follows": kind.follows,
                "page": kind.page,
                "remedy": kind.remedy,
                "params": kind.params,
            }
            for family, kinds in FAMILIES.items()
            for kind in kinds
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
