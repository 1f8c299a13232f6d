"""Signed containers: are they whole, who signed, when, and who vouches for it. Pure.

Checked: the manifest, the digest of every data file, the signed properties and the
certificate's digest, the signature value, the certificate's use and its chain to configured
authorities at the time of signing, the embedded OCSP response and timestamp.
Not checked: archive timestamps, whether authorities themselves were revoked, and any other
kind of signed file (DDOC, ASiC-S, PDF, signed mail).
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509

from mailbot import asic, documents
from mailbot.xades import check_signature
from mailbot.xmldsig import DS
from models.shapes import Attachment, ContainerCheck, SignatureCheck

ROOT = "{http://uri.etsi.org/02918/v1.2.1#}XAdESSignatures"
MAX_SIGNATURES = 20
MAX_CONTAINERS = 3  # looked at in one letter
UNREAD = SignatureCheck(False, False, False, problems=("The signature could not be checked.",))


def verify_container(
    content: bytes, anchors: Sequence[x509.Certificate], received_at: datetime
) -> ContainerCheck:
    """The verdict on a container received at `received_at` (aware); never raises.

    Accepted only when every signature is intact, trusted and covers every data file.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        container = asic.read(content)
        checks, problems = _checks(container, tuple(anchors), received_at)
    except asic.NotReadable as problem:
        return ContainerCheck((), accepted=False, digest=digest, problems=(str(problem),))
    except Exception:  # whatever a stranger's file does: it is not accepted
        return ContainerCheck((), False, digest, ("The container could not be read.",))
    whole = all(one.intact and one.trusted and one.covers_all_files for one in checks)
    return ContainerCheck(checks, bool(checks) and whole and not problems, digest, problems)


def is_container(attachment: Attachment) -> bool:
    """Signed by its name, its type or its first bytes."""
    return documents.is_container(
        attachment.name, attachment.media_type
    ) or asic.is_zipped_container(attachment.content)


def check_attachments(
    attachments: Sequence[Attachment], anchors: Sequence[x509.Certificate], received_at: datetime
) -> tuple[ContainerCheck | None, tuple[str, ...]]:
    """The container that speaks for a letter, and the text of its data files.

    The first accepted one, else the first; (None, ()) when there is none. Never raises.
    """
    found = [one for one in attachments if is_container(one)][:MAX_CONTAINERS]
    checked = [(one, verify_container(one.content, anchors, received_at)) for one in found]
    for attachment, check in checked:
        if check.accepted:
            return check, signed_texts(attachment.content)
    return (checked[0][1], signed_texts(checked[0][0].content)) if checked else (None, ())


def signed_texts(content: bytes) -> tuple[str, ...]:
    """What could be read out of each data file of a container; never raises."""
    try:
        files = asic.read(content).files
    except Exception:  # as above: no text then
        return ()
    texts = [
        documents.extract(data, name, "application/octet-stream", nesting=1).text
        for name, data in files.items()
    ]
    return tuple(text for text in texts if text)


def _checks(
    container: asic.Container, anchors: tuple[x509.Certificate, ...], received_at: datetime
) -> tuple[tuple[SignatureCheck, ...], tuple[str, ...]]:
    problems = list(container.problems)
    checks: list[SignatureCheck] = []
    for data in container.signatures.values():
        try:
            elements = _elements(data)
        except asic.NotReadable as problem:
            problems.append(str(problem))
            continue
        if len(checks) + len(elements) > MAX_SIGNATURES:
            problems.append("The container holds too many signatures to be checked.")
            break
        checks += [_check(one, container, anchors, received_at) for one in elements]
    return tuple(checks), tuple(problems)


def _elements(data: bytes) -> list[Any]:
    root = asic.parse(data)
    found = list(root.iterchildren(tag="*"))
    odd = root.tag != ROOT or any(one.tag != f"{DS}Signature" for one in found)
    if odd or not 1 <= len(found) <= MAX_SIGNATURES:
        raise asic.NotReadable("A signature file is not built as it must be.")
    return found


def _check(
    element: Any,
    container: asic.Container,
    anchors: tuple[x509.Certificate, ...],
    received_at: datetime,
) -> SignatureCheck:
    try:
        return check_signature(element, container.files, anchors, received_at)
    except Exception:  # libraries raise anything on a hostile file: this one does not count
        return UNREAD
