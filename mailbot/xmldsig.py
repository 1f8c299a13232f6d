"""XML signatures (W3C XML-DSig): the pieces of the tree, their digests and canonical forms.

Nothing is searched for: every piece has its place, and must be there once.
"""

import base64
import binascii
from typing import Any

from cryptography.hazmat.primitives.hashes import HashAlgorithm
from lxml import etree

from mailbot.algorithms import DIGESTS

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XML = "{http://www.w3.org/XML/1998/namespace}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
INCLUSIVE_11 = "http://www.w3.org/2006/12/xml-c14n11"
MAX_PREFIXES = 50
# name: (exclusive, with comments)
CANONICAL_FORMS = {
    INCLUSIVE: (False, False),
    f"{INCLUSIVE}#WithComments": (False, True),
    INCLUSIVE_11: (False, False),
    f"{INCLUSIVE_11}#WithComments": (False, True),
    EXCLUSIVE: (True, False),
    f"{EXCLUSIVE}WithComments": (True, True),
}


class Broken(Exception):
    """Why a signature does not hold: one sentence without personal data."""


def only(element: Any, path: str) -> Any:
    """The one element at this place; Broken when there is none, or more."""
    found = element.findall(path)
    if len(found) != 1:
        raise Broken("The signature is not built as it must be.")
    return found[0]


def text(element: Any) -> str:
    """All text, whatever comments stand between."""
    return str(element.xpath("string()"))


def decoded(element: Any) -> bytes:
    """The base64 value of an element."""
    try:
        return base64.b64decode("".join(text(element).split()), validate=True)
    except (binascii.Error, ValueError):
        raise Broken("A value of the signature is not written as it must be.") from None


def value(parent: Any) -> bytes:
    """The digest a reference holds."""
    return decoded(only(parent, f"{DS}DigestValue"))


def algorithm(parent: Any) -> HashAlgorithm:
    """How that digest was made; Broken when it is none of SHA-2."""
    found = DIGESTS.get(only(parent, f"{DS}DigestMethod").get("Algorithm"))
    if found is None:
        raise Broken("A digest of the signature is of a kind that is not accepted.")
    return found


def transform(reference: Any) -> Any:
    """The one canonicalisation of a reference, None for the default."""
    transforms = reference.findall(f"{DS}Transforms/{DS}Transform")
    if len(transforms) > 1:
        raise Broken("The signature covers its properties in a changed form.")
    return transforms[0] if transforms else None


def canonical(element: Any, method: Any, *, comments: bool = True) -> bytes:
    """Canonical XML; `method` None means 1.0 (XML-DSig section 4.4.3.2)."""
    name = INCLUSIVE if method is None else method.get("Algorithm")
    if name not in CANONICAL_FORMS:
        raise Broken("The signature uses a form of XML that is not accepted.")
    exclusive, with_comments = CANONICAL_FORMS[name]
    if not exclusive and _inherits(element):
        raise Broken("The signature inherits XML attributes: that is not accepted.")
    done: bytes = etree.tostring(
        element,
        method="c14n",
        exclusive=exclusive,
        with_comments=with_comments and comments,
        inclusive_ns_prefixes=_prefixes(method),
        with_tail=False,
    )
    return done


def _prefixes(method: Any) -> list[str] | None:
    """Prefixes that exclusive canonical XML keeps all the same (its section 3)."""
    listed = None if method is None else method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    found = None if listed is None else listed.get("PrefixList", "").split()
    if found and len(found) > MAX_PREFIXES:
        raise Broken("The signature uses a form of XML that is not accepted.")
    return found


def _inherits(element: Any) -> bool:
    """Whether an ancestor has xml:… attributes, which 1.0 and 1.1 treat differently."""
    return any(name.startswith(XML) for above in element.iterancestors() for name in above.attrib)
