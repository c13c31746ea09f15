"""Faults of the photos: of the host that has them, of its rule, of its certificate, and of STProxy's copies."""

from __future__ import annotations

from stdiag.lab.blueprint import PhotoManner
from stdiag.lab.faults.fault import LabFault, Shows

PHOTO_FAULTS: tuple[LabFault, ...] = (
    LabFault(
        name="photo-open",
        injects="the photo host hands staff photos to everybody",
        first=("photo-open-to-everybody",),
        changes={"photo": PhotoManner.OPEN},
        shows=Shows.IN_PHOTO,
        story="The rules were copied into the main server's configuration, and the virtual host does not inherit them. "
        "Nobody inside can see it: from there the photos have to come.",
    ),
    LabFault(
        name="photo-by-name",
        injects="the photo host looks at the cookie's name and not at its value",
        first=("photo-cookie-by-name",),
        changes={"photo": PhotoManner.BY_NAME},
        shows=Shows.IN_PHOTO,
        story="The usual rewrite rules cannot do more. Guests of meetings, and who sets a cookie by hand, see all.",
    ),
    LabFault(
        name="photo-rule-broken",
        injects="the photo host lets no cookie through",
        first=("photo-cookies-refused",),
        changes={"photo": PhotoManner.NO_COOKIE},
        shows=Shows.IN_PHOTO,
        story="The rule was written for Apache 2.4, and IBM HTTP Server is 2.2. Offices are let through by address, so "
        "that only people at home and guests see grey silhouettes.",
    ),
    LabFault(
        name="photo-one-token",
        injects="the photo host lets LtpaToken2 through and LtpaToken not",
        first=("photo-cookie-refused",),
        changes={"photo": PhotoManner.LTPA2_ONLY},
        shows=Shows.IN_PHOTO,
        story="The browser has both and shows the photos. The desktop client sends only the older one.",
    ),
    LabFault(
        name="photo-page",
        injects="the photo host answers with a web page, status 200, in place of the photo",
        first=("photo-not-an-image",),
        changes={"photo": PhotoManner.PAGE},
        shows=Shows.IN_PHOTO,
        story="A new staff directory took over the address and answers everything with its front page.",
    ),
    LabFault(
        name="photo-capitals",
        injects="the photos' names have capitals, and the photo host minds them",
        first=("photo-name-capitals",),
        changes={"photo": PhotoManner.CAPITALS},
        shows=Shows.IN_PHOTO,
        story="The job that writes the photos out takes mail addresses as people write them. The web client follows "
        "the PhotoURL and is content; Meetings ask in small letters and find nothing.",
    ),
    LabFault(
        name="photo-leaf-only",
        injects="the photo host sends its certificate without the CA that issued it",
        first=("photo-chain-incomplete",),
        changes={"photo": PhotoManner.LEAF_ONLY},
        shows=Shows.IN_PHOTO,
        story="Browsers fetch what is missing and show the photo. The Sametime Proxy is Java, and does not.",
    ),
    LabFault(
        name="photo-private-ca",
        injects="the photo host's certificate leads to a root that Java does not know",
        first=("photo-root-unknown",),
        changes={"photo": PhotoManner.OWN_ROOT},
        shows=Shows.IN_PHOTO,
        story="The photos were moved to https with a certificate of the company's own. Every desk has the root by "
        "group policy, the Sametime Proxy's Java has not.",
    ),
    LabFault(
        name="photo-old-copy",
        injects="STProxy hands out an older picture than the photo host has",
        first=("photo-copy-differs",),
        changes={"photo": PhotoManner.OLD_COPY},
        shows=Shows.IN_PHOTO_COPY,
        story="Somebody has changed the photo, and the Sametime Proxy keeps its copy until the cache's time is over.",
    ),
)
