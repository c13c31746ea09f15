"""Reads stproxyconfig.xml and managed-community-configs.xml into settings with their places."""

from __future__ import annotations

import hashlib
import io

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place
from stdiag.formats.config.xml_collect import Collector
from stdiag.formats.config.xml_document import XmlDocument
from stdiag.formats.config.xml_text import Cursor, decode_xml, without_raw_ampersands
from stdiag.formats.errors import FormatError

LARGEST = 4 * 1024 * 1024
"""Bytes. A real file has a few KiB."""


def read_xml(data: bytes, file: str, kind: ConfigKind) -> ConfigDocument:
    """The settings of `data`, the content of `file`: paths of elements below the outermost one, from the second of
    equally named ones on with their number (`mobile/configUrl`, `mobile[2]/configUrl`), attributes as `@name`
    (`managed-community/@host`).

    Values are without the white space around them, and without secrets. Raises FormatError, which names the place.
    """
    if len(data) > LARGEST:
        raise FormatError(
            f"it is larger than {LARGEST // 1024 // 1024} MiB", file=file, suggestion="is it the right file?"
        )
    text, stand_in, ampersands = without_raw_ampersands(decode_xml(data, file))
    collector = Collector(text, file, kind, stand_in, ampersands)
    _parse(text, file, collector)
    return XmlDocument.of(
        ConfigDocument(
            file=file,
            kind=kind,
            settings=collector.settings,
            slips=collector.slips,
            sha256=hashlib.sha256(data).hexdigest(),
        ),
        collector.marks,
    )


def _parse(text: str, file: str, collector: Collector) -> None:
    from xml.sax import SAXParseException
    from xml.sax.xmlreader import InputSource

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(collector)
    source = InputSource()
    source.setEncoding("utf-8")  # whatever the file declares: it is decoded
    source.setByteStream(io.BytesIO(text.encode("utf-8")))
    try:
        parser.parse(source)
    except DefusedXmlException:
        # Entities and what is outside need a DTD, which is refused first.
        raise FormatError(
            "it has a document type (<!DOCTYPE …>), which stdiag does not read: entities in it can make a small file"
            " enormous, or fetch others",
            file=file,
            line=collector.line,
            suggestion="remove it; the servers' own files have none",
        ) from None
    except SAXParseException as error:
        raise _error(error.getException(), text, file, collector) from None


def _error(error: object, text: str, file: str, collector: Collector) -> FormatError:
    from stdiag.formats.config.xml_errors import not_well_formed

    code = int(getattr(error, "code", 0))
    line, column = int(getattr(error, "lineno", 1)), int(getattr(error, "offset", 0)) + 1
    offset = Cursor(text).offset(line, column)
    name, opened = collector.innermost
    found = not_well_formed(code, text, offset, name, opened)
    place = Place(line=line, column=column)
    return FormatError(found.problem, file=file, line=place.line, column=place.column, suggestion=found.suggestion)
