"""Which checks a run makes, and whom they would contact. Opens nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from stdiag.model import NotChecked, Site, SubjectKind
from stdiag.probes.contract import Contact, Planned, Probe


class UnknownProbeError(Exception):
    """A probe was named that does not exist. The text is one sentence with the nearest name."""


class Plan(msgspec.Struct, frozen=True):
    """The checks of a run, and what does not apply to its site."""

    checks: tuple[Planned, ...]
    not_applicable: tuple[NotChecked, ...]
    not_selected: tuple[NotChecked, ...]


def select(probes: Sequence[Probe], only: Iterable[str] = (), skip: Iterable[str] = ()) -> list[Probe]:
    """The probes that `--only` and `--skip` leave. Raises UnknownProbeError for a name that none has."""
    only, skip = list(only), list(skip)
    names = [probe.name for probe in probes]
    for name in (*only, *skip):
        if name not in names:
            import difflib

            nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"there are: {', '.join(names)}."
            raise UnknownProbeError(f"There is no probe {name!r}: {hint}")
    return [probe for probe in probes if (not only or probe.name in only) and probe.name not in skip]


def plan(site: Site, probes: Sequence[Probe], only: Iterable[str] = (), skip: Iterable[str] = ()) -> Plan:
    """What is to be checked on `site`."""
    selected = select(probes, only, skip)
    checks: list[Planned] = []
    not_applicable: list[NotChecked] = []
    for probe in selected:
        planned, beside = probe.plan(site)
        checks += planned
        not_applicable += beside
    left_out = tuple(
        NotChecked(what=probe.name, reason="left out by --only or --skip")
        for probe in probes
        if all(probe is not other for other in selected)
    )
    return Plan(checks=tuple(checks), not_applicable=tuple(not_applicable), not_selected=left_out)


def contacts(the_plan: Plan, site: Site, probes: Sequence[Probe]) -> list[Contact]:
    """Every contact that the run of this plan may make, without repeats."""
    by_name = {probe.name: probe for probe in probes}
    listed = [contact for check in the_plan.checks for contact in by_name[check.probe].contacts(check, site)]
    return list(dict.fromkeys(listed))


def without_third_parties(the_plan: Plan, site: Site, probes: Sequence[Probe]) -> Plan:
    """The plan with --offline: what could be asked of nobody but those whom the site does not name is left out."""
    by_name = {probe.name: probe for probe in probes}
    kept: list[Planned] = []
    left_out: list[NotChecked] = []
    for check in the_plan.checks:
        asked = by_name[check.probe].contacts(check, site)
        # A file is looked at without asking anybody.
        if asked and all(contact.third_party for contact in asked) and check.subject.kind is not SubjectKind.FILE:
            left_out.append(NotChecked(what=f"{check.probe} {check.subject}", reason="left alone with --offline"))
        else:
            kept.append(check)
    return msgspec.structs.replace(the_plan, checks=tuple(kept), not_selected=(*the_plan.not_selected, *left_out))
