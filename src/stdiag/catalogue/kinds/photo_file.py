"""Kinds about the picture itself, its name, its URL, and the certificate of an https photo host."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.photo_host import NO_WAY_THERE
from stdiag.model import Severity

_ASK = "curl -vk --max-time 10 -o photo.bin {photo_url}"
_SHOW = "openssl s_client -connect {connect} -servername {server_name} -showcerts </dev/null"
_STPROXY_FETCHES_NONE = "web and mobile users: the Sametime Proxy, which is Java, fetches no photo from there"
_BROWSERS = "whoever looks with a browser on a machine that has the root, or fetches the missing certificate"

PHOTO_CUT_OFF = FindingKind(
    code="photo-cut-off",
    severity=Severity.WARNING,
    summary="The picture is not whole: {problem}.",
    params=("problem", "photo_url"),
    evidence="{photo_url}",
    affects="who looks at this photo: it is shown in part, or not at all",
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-picture",
    page="photo-picture",
    proof=_ASK,
)
"""Params: problem (a clause), photo_url."""

PHOTO_LARGE = FindingKind(
    code="photo-large",
    severity=Severity.WARNING,
    summary="The picture has {size}, and HCL's page wants less than 45 KB, and advises 10 KB.",
    params=("size", "photo_url"),
    evidence="{photo_url}",
    affects="users with many contacts: photos come late; what is too large may not be shown",
    reach=3,
    remedy="photo-picture",
    page="photo-picture",
    proof=_ASK,
)
"""Params: size (`61.3 KB`), photo_url."""

PHOTO_FORM = FindingKind(
    code="photo-form",
    severity=Severity.INFO,
    summary="The picture is {form}, and HCL's page names .jpg and .gif only.",
    params=("form", "photo_url"),
    evidence="{photo_url}",
    affects="nobody for certain: whether other forms are shown everywhere is not documented",
    reach=4,
    remedy="photo-picture",
    page="photo-picture",
    proof=_ASK,
)
"""Params: form (`PNG`), photo_url."""

PHOTO_CONTENT_TYPE = FindingKind(
    code="photo-content-type",
    severity=Severity.WARNING,
    summary="The server calls the picture {said}, and by its bytes it is {form}.",
    params=("said", "form", "photo_url"),
    evidence="{photo_url}",
    affects="clients that believe the server: they may save the file, or show nothing",
    spares="browsers that look into the file, unless the server forbids it (nosniff)",
    reach=2,
    remedy="photo-picture",
    page="photo-picture",
    proof=_ASK,
)
"""Params: said (the Content-Type, or `nothing`), form, photo_url."""

PHOTO_ODD_SIZE = FindingKind(
    code="photo-odd-size",
    severity=Severity.WARNING,
    summary="The picture has {width} x {height} pixels: {problem}.",
    params=("width", "height", "problem", "photo_url"),
    evidence="{photo_url}",
    affects="who looks at this photo: there is nothing to be seen, or far more than is shown",
    reach=3,
    remedy="photo-picture",
    page="photo-picture",
    proof=_ASK,
)
"""Params: width, height, problem (a clause), photo_url."""

PHOTO_COPY_DIFFERS = FindingKind(
    code="photo-copy-differs",
    severity=Severity.INFO,
    summary="The Sametime Proxy hands out another picture than the photo host.",
    params=("copy", "original", "original_url"),
    evidence="the copy: {copy}; {original_url}: {original}",
    affects="nobody for long, when it is a copy whose time is not over",
    reach=4,
    remedy="photo-picture",
    page="photo-picture",
)
"""Params: copy and original (`JPEG, 96 x 96, 3.1 KB`), original_url."""

PHOTO_NAME_CAPITALS = FindingKind(
    code="photo-name-capitals",
    severity=Severity.WARNING,
    summary="The photo host tells capitals from small letters: {name_found} is there, {name_missing} is not.",
    params=("name_found", "name_missing", "photo_url"),
    evidence="{photo_url}",
    affects="who asks with the other spelling: Meetings ask for the mail address in small letters",
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-name",
    page="photo-name",
    proof=_ASK,
)
"""Params: name_found and name_missing (of files), photo_url (the URL that finds nothing)."""

PHOTO_NAME_NOT_MAIL = FindingKind(
    code="photo-name-not-mail",
    severity=Severity.INFO,
    summary="The file is not named by a mail address: {file_name}.",
    params=("file_name",),
    affects="nobody who has the URL; Meetings that take photos from a web server ask for a mail address",
    reach=4,
    remedy="photo-name",
    page="photo-name",
)
"""Params: file_name."""

PHOTO_URL_PLACEHOLDER = FindingKind(
    code="photo-url-placeholder",
    severity=Severity.ERROR,
    summary="A placeholder was left in the PhotoURL: {part}.",
    params=("part",),
    affects="web and mobile users: the photo of this user, and perhaps of everybody, is asked for in vain",
    reach=2,
    remedy="photo-url",
    page="photo-url",
)
"""Params: part."""

PHOTO_URL_FORM = FindingKind(
    code="photo-url-form",
    severity=Severity.ERROR,
    summary="The PhotoURL is not a URL that can be fetched: {problem}.",
    params=("problem",),
    affects="web and mobile users: their clients take photos by URL only",
    spares="desktop clients, which may take a path or the picture itself from the directory",
    reach=2,
    remedy="photo-url",
    page="photo-url",
)
"""Params: problem (a clause)."""

PHOTO_URL_ENCODING = FindingKind(
    code="photo-url-encoding",
    severity=Severity.WARNING,
    summary="The PhotoURL holds what has to be encoded: {part}.",
    params=("part",),
    affects="clients that send it as it is: the server may read another name than the one that is meant",
    spares="browsers, which encode much of it themselves",
    reach=2,
    remedy="photo-url",
    page="photo-url",
)
"""Params: part (a clause)."""

PHOTO_URL_PLAIN = FindingKind(
    code="photo-url-plain",
    severity=Severity.INFO,
    summary="The PhotoURL is plain HTTP, and the web client comes by https.",
    params=("page",),
    evidence="web client: {page}",
    affects="nobody as long as the Sametime Proxy fetches the photos; a browser would not show them by itself",
    reach=4,
    remedy="photo-url",
    page="photo-url",
)
"""Params: page (the web client's URL)."""

PHOTO_CHAIN_INCOMPLETE = FindingKind(
    code="photo-chain-incomplete",
    severity=Severity.ERROR,
    summary='The photo host does not send the issuer certificate "{missing}", and Java does not look for it.',
    params=("missing", "clients", "recovered_from", "proven"),
    evidence="{clients} cannot build the chain[; fetched from {recovered_from}, chain verified with it: {proven}]",
    affects=_STPROXY_FETCHES_NONE,
    spares=_BROWSERS,
    reach=2,
    follows=("tls-chain-incomplete", "tls-chain-wrong-issuer"),
    remedy="photo-trust",
    page="photo-https",
    proof=_SHOW,
)
"""Params: missing (name), clients (`OpenJDK 11 and later`), recovered_from (URL, or None), proven (or None)."""

PHOTO_ROOT_UNKNOWN = FindingKind(
    code="photo-root-unknown",
    severity=Severity.ERROR,
    summary='The photo host\'s certificate ends at "{root}", which Java does not know by itself.',
    params=("root", "clients", "detail"),
    evidence="{clients}: {detail}",
    affects=_STPROXY_FETCHES_NONE,
    spares=_BROWSERS,
    reach=2,
    follows=("tls-root-untrusted", "tls-self-signed", "tls-root-expired"),
    remedy="photo-trust",
    page="photo-https",
    proof=_SHOW,
)
"""Params: root (name), clients, detail (a clause)."""

PHOTO_CERTIFICATE_REFUSED = FindingKind(
    code="photo-certificate-refused",
    severity=Severity.ERROR,
    summary="Java does not accept the photo host's certificate: {detail}.",
    params=("clients", "detail", "reason"),
    evidence="{clients}: {reason}",
    affects=_STPROXY_FETCHES_NONE,
    reach=2,
    follows=(
        "tls-cert-expired",
        "tls-cert-not-yet-valid",
        "tls-issuer-expired",
        "tls-name-mismatch",
        "tls-weak-key",
        "tls-weak-signature",
        "tls-chain-invalid",
    ),
    remedy="photo-trust",
    page="photo-https",
    proof=_SHOW,
)
"""Params: clients, detail (a clause), reason (of the clients' matrix: expired, name …)."""

KINDS = (
    PHOTO_CUT_OFF,
    PHOTO_LARGE,
    PHOTO_FORM,
    PHOTO_CONTENT_TYPE,
    PHOTO_ODD_SIZE,
    PHOTO_COPY_DIFFERS,
    PHOTO_NAME_CAPITALS,
    PHOTO_NAME_NOT_MAIL,
    PHOTO_URL_PLACEHOLDER,
    PHOTO_URL_FORM,
    PHOTO_URL_ENCODING,
    PHOTO_URL_PLAIN,
    PHOTO_CHAIN_INCOMPLETE,
    PHOTO_ROOT_UNKNOWN,
    PHOTO_CERTIFICATE_REFUSED,
)
