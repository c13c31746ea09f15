"""`stdiag schema`: the JSON Schema of a report."""

from __future__ import annotations

import click


@click.command(name="schema")
def command() -> None:
    """Print the JSON Schema of a report, for tools that read it."""
    from stdiag.probes.registry import PROBES
    from stdiag.render.schema import schema_text

    click.echo(schema_text({probe.name: (probe.observation, probe.analysis) for probe in PROBES}), nl=False)
