"""What the text of a PhotoURL shows. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from stdiag.catalogue.kinds import photo_file as kinds
from stdiag.formats.photo_url import SlipKind
from stdiag.model import Finding, PhotoAccess, Product, Site, Subject
from stdiag.probes.photo.observation import PhotoObservation, PhotoRole

_WITH_MEETING_SERVER = (None, Product.V8_5, Product.V9, Product.V10)
"""Releases whose Meeting Server may take photos from a web server by the name of the file."""


def judge_text(observation: PhotoObservation, site: Site, subject: Subject) -> list[Finding]:
    """Findings about the URL as the directory has it. STProxy's own URLs are not the directory's."""
    if observation.role is PhotoRole.COPY:
        return []
    return [*_slips(observation, subject), *_name(observation, site, subject), *_plain(observation, site, subject)]


def _slips(observation: PhotoObservation, subject: Subject) -> list[Finding]:
    found = []
    for index, slip in enumerate(observation.slips):
        evidence = [f"/observation/slips/{index}"]
        match slip.slip:
            case SlipKind.PLACEHOLDER:
                found.append(kinds.PHOTO_URL_PLACEHOLDER.found(subject, evidence=evidence, part=slip.detail))
            case SlipKind.FORM:
                # Where a placeholder stands, nothing else is wrong that would not go with it.
                if not any(other.slip is SlipKind.PLACEHOLDER for other in observation.slips):
                    found.append(kinds.PHOTO_URL_FORM.found(subject, evidence=evidence, problem=slip.detail))
            case SlipKind.ENCODING:
                if all(other.slip is SlipKind.ENCODING for other in observation.slips):
                    found.append(kinds.PHOTO_URL_ENCODING.found(subject, evidence=evidence, part=slip.detail))
    return found


def _name(observation: PhotoObservation, site: Site, subject: Subject) -> list[Finding]:
    name = observation.file_name
    if not name or observation.named_by_mail or not observation.host or site.product not in _WITH_MEETING_SERVER:
        return []
    return [kinds.PHOTO_NAME_NOT_MAIL.found(subject, evidence=["/observation/named_by_mail"], file_name=name)]


def _plain(observation: PhotoObservation, site: Site, subject: Subject) -> list[Finding]:
    """Only where nothing says that STProxy hands the photos out, and the web client is known to come by https."""
    photo = site.photo
    handed_out = photo is not None and photo.stproxy_urls
    page = site.stproxy.url if site.stproxy else None
    if observation.tls or not observation.host or handed_out or not page:
        return []
    if photo is not None and photo.access is PhotoAccess.PUBLIC and urlsplit(page).hostname == observation.host:
        return []
    return [kinds.PHOTO_URL_PLAIN.found(subject, evidence=["/observation/tls"], page=page)]
