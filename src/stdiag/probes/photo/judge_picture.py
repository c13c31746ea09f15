"""Is the picture one that is shown? Pure."""

from __future__ import annotations

from stdiag.catalogue.kinds import photo_file, photo_host
from stdiag.formats.image import GIF, JPEG, MIME
from stdiag.model import FaultReason, Finding, Severity, Subject
from stdiag.probes.photo.observation import PhotoAnswer, PhotoImage

KB = 1024
TOO_LARGE = 45 * KB
"""What a photo of the directory must stay below, by HCL's page on business cards."""
ADVISED = 10 * KB
LEAST, MOST = 3, 4096
"""Pixels of a side: below is a dot or a blank, above is a camera's picture."""
SLOW_US = 3_000_000


def picture_words(image: PhotoImage) -> str:
    """`JPEG, 96 x 96, 3.1 KB`."""
    pixels = f"{image.width} x {image.height}" if image.width is not None and image.height is not None else ""
    return ", ".join(filter(None, (image.form, pixels, size_words(image.bytes_came))))


def size_words(count: int) -> str:
    """`196 bytes`, `3.1 KB`."""
    return f"{count} bytes" if count < KB else f"{count / KB:.1f} KB"


def judge_picture(answer: PhotoAnswer, subject: Subject, pointer: str) -> list[Finding]:
    """Findings about a picture that came; `pointer` leads to `answer`."""
    image, evidence = answer.image, [f"{pointer}/image"]
    if image is None:
        return []
    photo_url = subject.url or ""
    found = [*_whole(answer, image, subject, evidence), *_size(answer, image, subject, evidence)]
    if image.form not in (JPEG, GIF):
        found.append(photo_file.PHOTO_FORM.found(subject, evidence=evidence, form=image.form, photo_url=photo_url))
    said = (answer.exchange.content_type or "").partition(";")[0].strip().lower()
    if said not in MIME.get(image.form, (said,)):
        found.append(
            photo_file.PHOTO_CONTENT_TYPE.found(
                subject,
                evidence=[f"{pointer}/exchange/content_type"],
                said=said or "nothing",
                form=image.form,
                photo_url=photo_url,
            )
        )
    found += _pixels(image, subject, evidence)
    if answer.exchange.duration_us >= SLOW_US:
        seconds = round(answer.exchange.duration_us / 1_000_000, 1)
        found.append(photo_host.PHOTO_SLOW.found(subject, evidence=[pointer], seconds=seconds, photo_url=photo_url))
    return found


def _whole(answer: PhotoAnswer, image: PhotoImage, subject: Subject, evidence: list[str]) -> list[Finding]:
    fault = answer.exchange.fault
    if fault is not None and fault.reason is not FaultReason.TOO_LARGE:
        of = f" of {answer.length_said}" if answer.length_said is not None else ""
        problem = f"the answer ended after {image.bytes_came}{of} bytes"
    elif image.whole is False:
        problem = "the file itself ends before the picture does"
    else:
        return []
    photo_url = subject.url or ""
    return [photo_file.PHOTO_CUT_OFF.found(subject, evidence=evidence, problem=problem, photo_url=photo_url)]


def _size(answer: PhotoAnswer, image: PhotoImage, subject: Subject, evidence: list[str]) -> list[Finding]:
    more = answer.exchange.fault is not None and answer.exchange.fault.reason is FaultReason.TOO_LARGE
    count = max(image.bytes_came, answer.length_said or 0) if more else image.bytes_came
    if count < ADVISED:
        return []
    return [
        photo_file.PHOTO_LARGE.found(
            subject,
            evidence=evidence,
            severity=None if count >= TOO_LARGE else Severity.INFO,
            affects=None if count >= TOO_LARGE else "nobody for certain: it is larger than what is advised",
            size=size_words(count),
            photo_url=subject.url or "",
        )
    ]


def _pixels(image: PhotoImage, subject: Subject, evidence: list[str]) -> list[Finding]:
    if image.width is None or image.height is None:
        return []
    if min(image.width, image.height) < LEAST:
        problem = "a dot or a blank in place of a face"
    elif max(image.width, image.height) > MOST:
        problem = "far more than any client shows"
    else:
        return []
    return [
        photo_file.PHOTO_ODD_SIZE.found(
            subject,
            evidence=evidence,
            width=image.width,
            height=image.height,
            problem=problem,
            photo_url=subject.url or "",
        )
    ]
