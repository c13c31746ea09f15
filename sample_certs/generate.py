"""Makes the example chains of this folder: one PEM file for each thing that goes wrong with certificates.

    python sample_certs/generate.py           write the files, and the table in README.md
    python sample_certs/generate.py --check   compare what is there with what would be written; exit 1 if they differ

Keys are kept in keys/, serial numbers come from names, dates are fixed and RSA signatures (PKCS #1 v1.5) have no chance
in them: so the same files come out every time. The keys protect nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import ipaddress
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from stdiag.lab.sha1 import resigned_with_sha1

HERE = Path(__file__).parent
HOST = "chat.example.com"
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
PAST, FUTURE = datetime(2021, 1, 1, tzinfo=UTC), datetime(2098, 1, 1, tzinfo=UTC)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def private_key(name: str) -> PrivateKey:
    """The key kept under `name`; made and kept when there is none."""
    file = HERE / "keys" / f"{name}.pem"
    if not file.exists():
        new: PrivateKey = (
            ec.generate_private_key(ec.SECP256R1())
            if name.startswith("ec-")
            else rsa.generate_private_key(65537, 1024 if name.endswith("-1024") else 2048)
        )
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        file.write_bytes(new.private_bytes(serialization.Encoding.PEM, form, plain))
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)  # noqa: S101 - what this script has written
    return key


@dataclass(frozen=True)
class Ca:
    """A certificate authority: its certificate, and the key that signs."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def distinguished_name(common_name: str) -> x509.Name:
    """The subject of every certificate here: a country, the invented trust service, a common name."""
    pairs = [
        (NameOID.COUNTRY_NAME, "XX"),
        (NameOID.ORGANIZATION_NAME, "Example Trust"),
        (NameOID.COMMON_NAME, common_name),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def certificate(
    common_name: str,
    key: PrivateKey,
    issuer: Ca | None,
    extensions: list[tuple[x509.ExtensionType, bool]],
    *,
    start: datetime = START,
    end: datetime = END,
) -> x509.Certificate:
    """A certificate by `issuer`, or a self-signed one; key identifiers as RFC 5280 §4.2.1 recommends are added."""
    issuer_name = issuer.certificate.subject if issuer else distinguished_name(common_name)
    signer = issuer.key if issuer else key
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    identity = f"{issuer_name.rfc4514_string()}|{common_name}|{start}|{end}".encode() + public
    identity += b"".join(extension.public_bytes() for extension, _ in extensions)
    builder = (
        x509.CertificateBuilder()
        .subject_name(distinguished_name(common_name))
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256(identity).digest()[:15], "big"))
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(of_issuer, critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, hashes.SHA256())


def key_usage(*, ca: bool) -> x509.KeyUsage:
    """What a CA's key, or a server's, is for."""
    return x509.KeyUsage(
        digital_signature=True,
        key_encipherment=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def authority(
    common_name: str,
    issuer: Ca | None = None,
    *,
    key: str,
    is_ca: bool = True,
    path_length: int | None = None,
    may_sign: bool = True,
    permitted: str | None = None,
    start: datetime = START,
    end: datetime = END,
) -> Ca:
    """A root (no issuer) or an intermediate; the keywords make it wrong."""
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=is_ca, path_length=path_length), True),
        (key_usage(ca=may_sign), True),
    ]
    if permitted:
        extensions.append((x509.NameConstraints([x509.DNSName(permitted)], None), True))
    own = private_key(key)
    assert isinstance(own, rsa.RSAPrivateKey)  # noqa: S101 - no issuer here has another kind
    return Ca(certificate(common_name, own, issuer, extensions, start=start, end=end), own)


def leaf(
    issuer: Ca | None,
    common_name: str = HOST,
    names: list[str] | None = None,
    *,
    key: str = "server",
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    more: x509.ExtensionType | None = None,
    start: datetime = START,
    end: datetime = END,
) -> x509.Certificate:
    """A server's certificate for `names` (DNS names in A-labels, or addresses); no subjectAltName when it is empty."""
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage(ca=False), True),
        (x509.ExtendedKeyUsage([purpose]), False),
    ]
    if names is None:
        names = [common_name]
    if names:
        extensions.append((x509.SubjectAlternativeName([general_name(name) for name in names]), False))
    if more:
        extensions.append((more, False))
    return certificate(common_name, private_key(key), issuer, extensions, start=start, end=end)


def general_name(name: str) -> x509.GeneralName:
    """An iPAddress for an address, else a dNSName (RFC 5280 §4.2.1.6)."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def pem(*chain: x509.Certificate | Ca) -> bytes:
    """The chain as a PEM file, in the order given."""
    certificates = [one.certificate if isinstance(one, Ca) else one for one in chain]
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def with_a_flipped_bit(broken: x509.Certificate) -> x509.Certificate:
    """`broken` with another last bit: the last byte of a certificate belongs to its signature."""
    der = bytearray(broken.public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return x509.load_der_x509_certificate(bytes(der))


def noise_as_certificate() -> bytes:
    """A PEM block that says it is a certificate and holds 600 bytes of nothing."""
    import base64

    noise = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(19))[:600]
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(noise) + b"-----END CERTIFICATE-----\n"


def samples() -> dict[str, bytes]:
    """File name → content."""
    files: dict[str, bytes] = {}

    # A public CA in miniature: a current root and its intermediates, and an older family of a similar name.
    root = authority("Example Trust Root R46", key="root-r46")
    issuing = authority("Example Trust TLS CA R46 2020", root, key="issuing-r46")
    policy = authority("Example Trust Policy CA R46", root, key="policy-r46")
    below_policy = authority("Example Trust Business CA R46", policy, key="business-r46")
    root_r6 = authority("Example Trust Root R6", key="root-r6")
    issuing_r6 = authority("Example Trust TLS CA R6 2020", root_r6, key="issuing-r6")
    # An organisation's own CA.
    private_root = authority("Example Corporation Root CA", key="private-root")
    private_issuing = authority("Example Corporation Issuing CA", private_root, key="private-issuing")
    server, deep_server = leaf(issuing), leaf(below_policy)
    private_server = leaf(private_issuing)

    files["root.pem"] = pem(root)
    files["private-root-ca.pem"] = pem(private_root)
    files["complete.pem"] = pem(server, issuing)
    files["three-tiers.pem"] = pem(deep_server, below_policy, policy)
    files["ecdsa.pem"] = pem(leaf(issuing, key="ec-server"), issuing)
    files["leaf-under-root.pem"] = pem(leaf(root))
    files["windows-export.pem"] = (
        b"\xef\xbb\xbfBag Attributes\r\n    friendlyName: chat\r\n" + pem(server, issuing).replace(b"\n", b"\r\n")
    )  # fmt: skip

    # What is sent: too little, the wrong thing, too much, in the wrong order.
    files["leaf-only.pem"] = pem(server)
    files["top-missing.pem"] = pem(deep_server, below_policy)
    files["middle-missing.pem"] = pem(deep_server, policy)
    files["wrong-intermediate.pem"] = pem(server, issuing_r6)
    renewed = authority("Example Trust TLS CA R46 2020", root, key="issuing-r46-renewed")
    files["renewed-intermediate.pem"] = pem(server, renewed)
    files["swapped.pem"] = pem(deep_server, policy, below_policy)
    files["reversed.pem"] = pem(policy, below_policy, deep_server)
    files["duplicate.pem"] = pem(server, issuing, issuing)
    files["root-sent.pem"] = pem(server, issuing, root)
    files["unrelated-extra.pem"] = pem(server, issuing, private_issuing)

    # Where it ends.
    files["self-signed.pem"] = pem(leaf(None))
    files["private-root.pem"] = pem(private_server, private_issuing)
    files["private-root-sent.pem"] = pem(private_server, private_issuing, private_root)
    old_root = authority("Example Trust Root R1", key="root-r1")
    files["old-root.pem"] = pem(old_root)
    files["cross-signed.pem"] = pem(server, issuing, authority("Example Trust Root R46", old_root, key="root-r46"))
    expired_cross = authority("Example Trust Root R46", old_root, key="root-r46", end=PAST)
    files["cross-expired.pem"] = pem(server, issuing, expired_cross)

    # Dates.
    files["expired-leaf.pem"] = pem(leaf(issuing, end=PAST), issuing)
    files["not-yet-valid.pem"] = pem(leaf(issuing, start=FUTURE), issuing)
    files["expired-intermediate.pem"] = pem(
        server, authority("Example Trust TLS CA R46 2020", root, key="issuing-r46", end=PAST)
    )
    expired_root = authority("Example Trust Root R2", key="root-r2", end=PAST)
    files["expired-root-ca.pem"] = pem(expired_root)
    below_expired = authority("Example Trust TLS CA R2", expired_root, key="issuing-r2")
    files["expired-root.pem"] = pem(leaf(below_expired), below_expired)

    # Names.
    files["cn-only.pem"] = pem(leaf(issuing, names=[]), issuing)
    files["wildcard.pem"] = pem(leaf(issuing, "*.example.com"), issuing)
    files["ip-san.pem"] = pem(leaf(issuing, names=["192.0.2.10", "2001:db8::10"]), issuing)
    files["idn.pem"] = pem(leaf(issuing, "xn--bcher-kva.example"), issuing)
    hostile = leaf(issuing, "\x1b[31mchat\r\n\x07<script>alert(1)</script>", [HOST])
    files["hostile-name.pem"] = pem(hostile, issuing)

    # Strength.
    files["sha1-leaf.pem"] = pem(resigned_with_sha1(server, issuing.key), issuing)
    files["sha1-intermediate.pem"] = pem(server, resigned_with_sha1(issuing.certificate, root.key))
    files["rsa1024.pem"] = pem(leaf(issuing, key="server-1024"), issuing)

    # What an issuer must not do.
    no_ca = authority("Example Trust Not A CA", root, key="issuing-r46", is_ca=False)
    files["not-a-ca.pem"] = pem(leaf(no_ca), no_ca)
    short_path = authority("Example Trust Last CA", root, key="policy-r46", path_length=0)
    one_too_many = authority("Example Trust One Too Many CA", short_path, key="business-r46")
    files["pathlen.pem"] = pem(leaf(one_too_many), one_too_many, short_path)
    elsewhere = authority("Example Trust CA for example.org", root, key="issuing-r46", permitted="example.org")
    files["name-constraints.pem"] = pem(leaf(elsewhere), elsewhere)
    here = authority("Example Trust CA for example.com", root, key="issuing-r46", permitted="example.com")
    files["name-constraints-kept.pem"] = pem(leaf(here), here)
    no_signer = authority("Example Trust CA That May Not Sign", root, key="issuing-r46", may_sign=False)
    files["no-keycertsign.pem"] = pem(leaf(no_signer), no_signer)
    files["client-eku.pem"] = pem(leaf(issuing, purpose=ExtendedKeyUsageOID.CLIENT_AUTH), issuing)
    policies = x509.UnrecognizedExtension(ExtensionOID.CERTIFICATE_POLICIES, b"\x30\x05no")
    files["malformed-extension.pem"] = pem(leaf(issuing, more=policies), issuing)
    files["bad-signature.pem"] = pem(with_a_flipped_bit(server), issuing)

    # Files that hold something else.
    files["garbage.pem"] = noise_as_certificate()
    files["damaged-intermediate.pem"] = pem(server) + noise_as_certificate()
    files["empty.pem"] = b""
    files["web-page.pem"] = b"<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
    key = (HERE / "keys" / "server.pem").read_bytes()
    files["key-in-file.pem"] = key + pem(server, issuing)
    files["key-only.pem"] = key
    return files


def readme(files: dict[str, bytes]) -> bytes:
    """README.md with its table made anew from expected.toml."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    expected = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))
    rows = ["| file | what is wrong | asked for | `--ca-file` | errors and warnings |", "|---|---|---|---|---|"]
    for sample in expected["sample"]:
        if sample["file"] not in files:
            raise SystemExit(f"expected.toml: no file {sample['file']} is made")
        codes = ", ".join(f"`{code}`" for code in sample.get("codes", [])) or "none"
        if sample.get("exit") == 2:
            codes = "exit 2: the file cannot be judged"
        ca_file = f"`{sample['ca_file']}`" if "ca_file" in sample else ""
        rows.append(f"| `{sample['file']}` | {sample['wrong']} | {sample.get('name', HOST)} | {ca_file} | {codes} |")
    head, _, rest = text.partition("<!-- table -->\n")
    tail = rest.partition("<!-- end of table -->")[2]
    return f"{head}<!-- table -->\n{chr(10).join(rows)}\n<!-- end of table -->{tail}".encode()


def write(content: dict[str, bytes]) -> int:
    for name, wanted in content.items():
        (HERE / name).write_bytes(wanted)
    return 0


def check(content: dict[str, bytes]) -> int:
    """Exit code 1, and a line for each file that is missing, not as generated, or not made here."""
    stale = [
        name for name, wanted in content.items() if not (HERE / name).exists() or (HERE / name).read_bytes() != wanted
    ]
    stray = [file.name for file in HERE.glob("*.pem") if file.name not in content]
    for name in stale:
        print(f"{name}: missing or not as generated; run python sample_certs/generate.py")
    for name in stray:
        print(f"{name}: generate.py does not make it; remove it")
    return 1 if stale or stray else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Make the example chains, or check that they are as generated.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    run: Callable[[dict[str, bytes]], int] = check if parser.parse_args(arguments).check else write
    files = samples()
    return run({**files, "README.md": readme(files)})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
