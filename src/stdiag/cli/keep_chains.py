"""`--fix-bundle` and `--save-chain`: certificates from a report, as files."""

from __future__ import annotations

import re
from pathlib import Path

import click
import msgspec

from stdiag.cli.diagnose import write_whole
from stdiag.model import Check, Report
from stdiag.pki.encoding import pem_bundle
from stdiag.probes.shared.judge_chain import short_name
from stdiag.probes.shared.record import certificates_of
from stdiag.probes.tls.analysis import TlsAnalysis
from stdiag.probes.tls.observation import SentCertificate, TlsObservation
from stdiag.render.safe import plain


def write_bundle(report: Report, path: Path) -> None:
    """Leaf and intermediates in the right order without the root, if the chain with them was verified.

    Raises click.ClickException, in one sentence, when there is no such chain, or more than one to choose from.
    """
    bundles: dict[tuple[str, ...], list[SentCertificate]] = {}
    for check in report.checks:
        for repaired in proven_chains(check):
            bundles.setdefault(tuple(certificate.sha256 for certificate in repaired), repaired)
    if not bundles:
        raise click.ClickException(
            f"{path} was not written: no chain could be built and verified; the findings above say what is missing."
        )
    if len(bundles) > 1:
        raise click.ClickException(
            f"{path} was not written: there are {len(bundles)} different chains; name one target with one certificate."
        )
    repaired = next(iter(bundles.values()))
    write_whole(path, pem_bundle(certificates_of(repaired)).encode())
    root = short_name(repaired[-1].issuer)
    click.echo(
        f"Wrote {path}: {len(repaired)} certificates, leaf first, without the root; verified up to {plain(root)}.",
        err=True,
    )


def check_places(fix_bundle: str | None, save_chain: str | None) -> None:
    """Finds a wrong place before the run, not after it. Raises click.UsageError."""
    if fix_bundle and not Path(fix_bundle).absolute().parent.is_dir():
        raise click.UsageError(
            f"--fix-bundle {fix_bundle}: there is no folder {Path(fix_bundle).absolute().parent}; create it."
        )
    if fix_bundle and Path(fix_bundle).is_dir():
        raise click.UsageError(f"--fix-bundle {fix_bundle}: that is a folder; name a file in it.")
    if save_chain:
        try:
            Path(save_chain).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.UsageError(f"--save-chain {save_chain}: {error.strerror}; choose another folder.") from error


def save_chains(report: Report, folder: Path) -> None:
    """Every different chain as it was sent, one file each, in a folder that exists."""
    written: set[tuple[str, ...]] = set()
    for check in report.checks:
        observation = msgspec.json.decode(check.observation, type=TlsObservation | None)
        for observed in observation.addresses if observation else []:
            for handshake in observed.handshakes:
                key = (str(check.subject), *(certificate.sha256 for certificate in handshake.chain_sent))
                if len(key) < 2 or key in written:
                    continue
                written.add(key)
                name = _file_name(f"{check.subject.host}_{check.subject.port}_{observed.address}_{handshake.offer}")
                write_whole(folder / name, pem_bundle(certificates_of(handshake.chain_sent)).encode())
    click.echo(f"Wrote {len(written)} chains as sent to {folder}.", err=True)


def proven_chains(check: Check) -> list[list[SentCertificate]]:
    """The chains of a check that are right as they are, or were repaired and verified; with clients asked for, the one
    that most of them accept."""
    if check.probe != "tls":
        return []
    analysis = msgspec.json.decode(check.analysis, type=TlsAnalysis | None)
    if analysis is None:
        return []
    better = {chain.certificates[0].sha256: chain.certificates for chain in analysis.recommended}
    return [
        better.get(chain.repaired[0].sha256, chain.repaired)
        for chain in analysis.chains
        if chain.repaired and (chain.recoverable or chain.complete or chain.repaired[0].sha256 in better)
    ]


def _file_name(text: str) -> str:
    """A name that NTFS takes as well: no colon, no slash."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", text) + ".pem"
