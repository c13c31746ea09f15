"""Java: OpenJDK, Java 8, and the IBM JRE that WebSphere 8.5 and 9 bring along."""

from __future__ import annotations

from stdiag.clients.profile import (
    MODERN,
    V1_0_TO_1_3,
    V1_2_AND_1_3,
    CipherSet,
    Policy,
    Profile,
    Source,
    StoreKind,
    Tls,
    UserRoots,
)
from stdiag.clients.table import releases
from stdiag.formats.client_selector import Platform, Version, parse_version

_DISABLED = "java.security: jdk.certpath.disabledAlgorithms and jdk.tls.disabledAlgorithms"
_IBM = "ibm.com/docs, SDK Java Technology Edition 8"
_MEASURED = "measured with OpenJDK 17"

CIPHERS = CipherSet("java", f"{MODERN.offered}:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:kDHE+AES+SHA256")
OLD_CIPHERS = CipherSet("java-8", f"{CIPHERS.offered}:kDHE+AES", "perhaps 3DES, which OpenSSL no longer offers")


def profiles() -> tuple[Profile, ...]:
    """Java 8, IBM's, and one for each OpenJDK release in the table, oldest first."""
    openjdk = [_openjdk(parse_version(release.version)) for release in releases(Platform.OPENJDK)]
    return (*_ibm(), _java_8(), *openjdk)


def _openjdk(version: Version) -> Profile:
    tls: tuple[Tls, ...]
    perhaps: tuple[Tls, ...]
    if version >= (16,):
        tls, perhaps, doubt = V1_2_AND_1_3, (), ""
    elif version == (11,):
        tls, perhaps, doubt = V1_2_AND_1_3, (Tls.V1_0, Tls.V1_1), "11.0.11 and later disable 1.0 and 1.1: from memory"
    else:
        tls, perhaps, doubt = V1_0_TO_1_3, (), ""
    return Profile(
        platform=Platform.OPENJDK,
        version=version,
        tls=tls,
        tls_perhaps=perhaps,
        ciphers=CIPHERS,
        store=StoreKind.RELEASE,
        store_updates="update releases and Linux distributions bring their own cacerts",
        anchor_dates=False,
        cn_fallback=True,
        sha1=Policy.REFUSED_UNDER_PUBLIC_ROOTS,
        md5=Policy.REFUSED,
        min_rsa=1024,
        min_ec=224,
        user_roots=UserRoots.TRUSTED,
        sources={
            **_SHARED,
            "tls": Source("JDK-8254713: 1.0 and 1.1 disabled from 16", doubt),
            "store": Source(
                "stdiag.clients/data/anchors.json", "Linux distributions replace cacerts with their own store"
            ),
        },
    )


def _java_8() -> Profile:
    return Profile(
        platform=Platform.JAVA,
        version=(8,),
        tls=(Tls.V1_2,),
        tls_perhaps=(Tls.V1_0, Tls.V1_1, Tls.V1_3),
        ciphers=OLD_CIPHERS,
        store=StoreKind.UNKNOWN,
        anchor_dates=False,
        cn_fallback=True,
        sha1=Policy.REFUSED_UNDER_PUBLIC_ROOTS,
        md5=Policy.REFUSED,
        min_rsa=1024,
        min_ec=224,
        user_roots=UserRoots.TRUSTED,
        sources={
            **_SHARED,
            "tls": Source(
                "JDK-8245485, JDK-8254713: 1.3 there from 8u261; 1.0 and 1.1 disabled from 8u291",
                "1.3 on the client is on from 8u341: from memory",
            ),
            "store": Source("cacerts of the installation", "no list of Java 8's roots by update is at hand"),
        },
    )


def _ibm() -> tuple[Profile, ...]:
    return tuple(
        Profile(
            platform=Platform.IBM_JAVA,
            version=version,
            tls=(Tls.V1_2,),
            tls_perhaps=(Tls.V1_0, Tls.V1_1, Tls.V1_3),
            ciphers=OLD_CIPHERS,
            store=StoreKind.UNKNOWN,
            anchor_dates=False,
            cn_fallback=True,
            sha1=Policy.REFUSED_UNDER_PUBLIC_ROOTS,
            md5=Policy.REFUSED,
            min_rsa=1024,
            min_ec=224,
            user_roots=UserRoots.TRUSTED,
            sources={
                **_SHARED,
                "tls": Source(
                    f"{_IBM}: 1.0 and 1.1 disabled from SR6 FP30, 1.2 alone from SR7, 1.3 from SR7 FP15",
                    "it depends on the fix pack, and on the cell's SSL configuration",
                ),
                "fetches": Source(_IBM, "no setting was found that makes it fetch; none is assumed"),
                "store": Source("trust.p12 of the cell: what the administrator imported, not cacerts"),
                "anchor_match": Source(
                    "the same JDK code", "from memory; an imported intermediate or leaf is an anchor"
                ),
            },
        )
        for version in ((8, 5), (9,))
    )


_SHARED = {
    "ciphers": Source(f"{_DISABLED}: no RC4, no 3DES", "3DES left with updates of 2019"),
    "groups": Source("secp256r1, secp384r1, secp521r1 and more", "from memory"),
    "sni": Source("JSSE sends it from Java 7", "from memory"),
    "fetches": Source(f"off unless com.sun.security.enableAIAcaIssuers is set; {_MEASURED}"),
    "anchor_match": Source("PKIX: a certificate that is in the store itself is trusted", "from memory"),
    "anchor_dates": Source(f"{_MEASURED}: an expired anchor is trusted"),
    "cn_fallback": Source(f"{_MEASURED}: only without subjectAltName, and not for addresses"),
    "sha1": Source(f"{_DISABLED}: SHA1 jdkCA & usage TLSServer; {_MEASURED}: trusted under a private root"),
    "md5": Source(_DISABLED),
    "key_size": Source(f"{_DISABLED}: RSA below 1024 and EC below 224 refused"),
    "validity": Source("no limit"),
    "user_roots": Source("imported with keytool, or into the cell's trust store"),
}
