"""A certificate counts when every link up to a configured authority holds."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from mailbot.chains import Authorities, Untrusted, certificate, chain, superiors
from tests.authorities import Holder, certified, service, signer
from tests.containers import SIGNED_AT

OWN = service()
PERSON = signer().certificate
ISSUING, ROOT = OWN.issuing.certificate, OWN.root.certificate


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def authority(common: str, issuer: Holder | None, **changes: int | None) -> Holder:
    return certified(name(common), issuer, usages=("key_cert_sign",), authority=True, **changes)  # type: ignore[arg-type]


VERSION_3, VERSION_2 = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x01"  # RFC 5280 4.1.2.1


def test_a_certificate_of_a_version_nobody_issues_is_refused() -> None:
    raw = PERSON.public_bytes(Encoding.DER).replace(VERSION_3, VERSION_2, 1)
    with pytest.raises(ValueError, match="RFC 5280"):
        certificate(raw)


def test_the_path_leads_over_what_the_container_brings() -> None:
    found = chain(PERSON, Authorities((ROOT,), (ISSUING,)), SIGNED_AT)
    assert found == (PERSON, ISSUING, ROOT)


def test_an_issuing_authority_may_be_the_configured_one() -> None:
    assert chain(PERSON, Authorities((ISSUING,)), SIGNED_AT) == (PERSON, ISSUING)


def test_the_configured_authorities_above_an_anchor_are_known() -> None:
    known = Authorities((ISSUING, ROOT))
    assert superiors((PERSON, ISSUING), known) == (ISSUING, ROOT)


@pytest.mark.parametrize(
    "known",
    [
        Authorities(()),
        Authorities((), (ISSUING, ROOT)),
        Authorities((ROOT,)),
        Authorities((service("Muu").root.certificate,), (ISSUING, ROOT)),
        Authorities((PERSON,)),
    ],
)
def test_without_a_configured_authority_there_is_no_path(known: Authorities) -> None:
    with pytest.raises(Untrusted, match="configured authority"):
        chain(PERSON, known, SIGNED_AT)


def test_a_person_cannot_issue_certificates() -> None:
    person = signer()
    child = certified(name("Laps"), Holder(person.certificate, person.key)).certificate
    with pytest.raises(Untrusted):
        chain(child, Authorities((ROOT,), (PERSON, ISSUING)), SIGNED_AT)


def test_an_authority_with_the_name_but_not_the_key_is_passed_over() -> None:
    false = authority("Proov Issuing", OWN.root)
    found = chain(PERSON, Authorities((ROOT,), (false.certificate, ISSUING)), SIGNED_AT)
    assert found[1] == ISSUING
    with pytest.raises(Untrusted):
        chain(PERSON, Authorities((ROOT,), (false.certificate,)), SIGNED_AT)


def test_more_authorities_than_the_issuer_allows_are_refused() -> None:
    below = authority("Alam", OWN.issuing)
    child = certified(name("Laps"), below).certificate
    with pytest.raises(Untrusted):
        chain(child, Authorities((ROOT,), (below.certificate, ISSUING)), SIGNED_AT)


def test_every_certificate_of_the_path_must_be_valid_at_that_time() -> None:
    with pytest.raises(Untrusted, match="not valid"):
        chain(PERSON, Authorities((ROOT,), (ISSUING,)), SIGNED_AT - timedelta(days=9_000))
    ended = certified(
        name("Lõppenud"),
        OWN.root,
        usages=("key_cert_sign",),
        authority=True,
        until=SIGNED_AT - timedelta(days=1),
    )
    child = certified(name("Laps"), ended).certificate
    with pytest.raises(Untrusted):
        chain(child, Authorities((ROOT,), (ended.certificate,)), SIGNED_AT)


def test_many_authorities_of_one_name_cost_a_bounded_effort() -> None:
    false = tuple(authority("Proov Issuing", None).certificate for _ in range(50))
    with pytest.raises(Untrusted):
        chain(PERSON, Authorities((ROOT,)).with_more(false * 40), SIGNED_AT)
