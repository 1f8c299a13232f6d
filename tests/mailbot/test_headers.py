"""Header fields from strangers: what is believed, what is dropped, and that nothing raises."""

from datetime import UTC, datetime

import pytest

from mailbot.headers import (
    OwnMail,
    addresses,
    aligned,
    authentication,
    instant,
    message_ids,
    own_received_at,
    without_comments,
)
from models.vocabulary import AuthResult

OWN = OwnMail("info@netpro.ee", "info@netpro.ee", "mx.netpro.ee")
SENDER = "mari@klient.example"


def results(*values: str) -> tuple[tuple[str, str], ...]:
    return tuple(("authentication-results", value) for value in values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mari Mets <Mari@Klient.EXAMPLE>", ("mari@klient.example",)),
        ('"Mets, Mari" <mari@klient.example>', ("mari@klient.example",)),
        ("mari@klient.example (kodus)", ("mari@klient.example",)),
        ("a@x.example, b@y.example", ("a@x.example", "b@y.example")),
        ("mõni@külm.example", ("mõni@külm.example",)),
        ("=?utf-8?q?a=40b.example?= <mari@klient.example>", ("mari@klient.example",)),
        ('"', ()),
        ("(c):", ()),
        ("undisclosed-recipients:;", ()),
        ("mari", ()),
        ("mari@klient.example\r\nBcc: x", ("mari@klient.example",)),
        ("(" * 5000, ()),
        ("", ()),
    ],
)
def test_only_readable_addresses_are_taken(value: str, expected: tuple[str, ...]) -> None:
    assert addresses((("from", value),), "from") == expected


def test_two_from_headers_give_two_senders_even_when_equal() -> None:
    fields = (("from", SENDER), ("from", SENDER))
    assert addresses(fields, "from") == (SENDER, SENDER)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a.1@x.example>", ("<a.1@x.example>",)),
        ("<a@x> text <b@y>  <a@x>", ("<a@x>", "<b@y>")),
        ("<CAF+1=x$2:3@[192.0.2.1]>", ("<CAF+1=x$2:3@[192.0.2.1]>",)),
        ("<[x@y]>", ()),
        ("<a@b@c>", ()),
        ("a@x.example", ()),
        ("<a b@c>", ()),
        ("<@>", ()),
        ("<õ@x>", ()),
    ],
)
def test_only_well_formed_message_ids_are_taken(value: str, expected: tuple[str, ...]) -> None:
    assert message_ids((("references", value),), "references") == expected


def test_comments_are_stripped_also_when_nested_or_escaped() -> None:
    assert without_comments(r"no (a (b) \) c) ; x") == "no  ; x"
    assert without_comments('"(kept)" a') == '"(kept)" a'


def test_a_dmarc_pass_of_our_own_server_is_proof() -> None:
    found = authentication(
        results("mx.netpro.ee 1; dmarc=pass (p=none) header.from=klient.example"), OWN, SENDER
    )
    assert found.proven
    assert (found.dmarc, found.trusted_by) == (AuthResult.PASS, "mx.netpro.ee")


@pytest.mark.parametrize(
    "statement",
    [
        "dkim=pass header.d=klient.example",
        "dkim=pass header.i=@post.klient.example",
        "dkim=fail header.d=klient.example; dkim=pass header.d=klient.example",
        "spf=pass smtp.mailfrom=tagasi@post.klient.example",
        'spf=pass smtp.mailfrom="mari@klient.example"',
    ],
)
def test_an_aligned_pass_is_proof(statement: str) -> None:
    assert authentication(results(f"mx.netpro.ee; {statement}"), OWN, SENDER).proven


@pytest.mark.parametrize(
    "statement",
    [
        "none",
        "dmarc=fail header.from=klient.example; dkim=pass header.d=klient.example",
        "dmarc=pass header.from=teine.example",
        "dkim=pass header.d=saatja.example; spf=pass smtp.mailfrom=x@saatja.example",
        "dkim=pass header.d=example",
        "spf=pass smtp.helo=klient.example",
        "spf=softfail smtp.mailfrom=mari@klient.example",
        "dmarc=bestguesspass",
        "dkim=fail (dmarc=pass) header.d=klient.example",
    ],
)
def test_anything_less_is_no_proof(statement: str) -> None:
    assert not authentication(results(f"mx.netpro.ee; {statement}"), OWN, SENDER).proven


def test_only_the_topmost_header_of_our_own_server_is_believed() -> None:
    forged = "mx.netpro.ee; dmarc=pass header.from=klient.example"
    foreign = "mx.teine.example; dmarc=pass"
    topmost = "mx.netpro.ee; dmarc=none"
    assert not authentication(results(foreign, topmost, forged), OWN, SENDER).proven
    assert authentication(results(foreign), OWN, SENDER).trusted_by is None


def test_without_an_authserv_id_nobody_is_believed() -> None:
    own = OwnMail("info@netpro.ee", "info@netpro.ee")
    assert not authentication(results("mx.netpro.ee; dmarc=pass"), own, SENDER).proven


def test_a_pass_without_a_single_sender_proves_nothing() -> None:
    assert not authentication(results("mx.netpro.ee; dmarc=pass"), OWN, None).proven


def test_alignment_is_equality_or_subdomain_but_never_a_bare_top_domain() -> None:
    assert aligned("a.klient.example", "klient.example")
    assert aligned("klient.example", "Klient.Example.")
    assert not aligned("klient.example", "muuklient.example")
    assert not aligned("example", "klient.example")


def test_the_topmost_received_of_our_own_host_tells_the_time() -> None:
    fields = (
        ("received", "by 2002:a05 with SMTP; Thu, 05 Mar 2026 10:00:09 +0200"),
        ("received", "from a (by mx.fake) by MX.netpro.ee with ESMTP; 5 Mar 2026 10:00:02 +0200"),
        ("received", "from b by mx.netpro.ee; Wed, 04 Mar 2026 10:00:00 +0200"),
    )
    assert own_received_at(fields, OWN) == datetime(2026, 3, 5, 8, 0, 2, tzinfo=UTC)


def test_receiving_hosts_may_differ_from_the_authserv_id() -> None:
    own = OwnMail("info@netpro.ee", "info@netpro.ee", "netpro.ee", frozenset({"MX1.netpro.ee"}))
    fields = (("received", "from a by mx1.netpro.ee; Thu, 05 Mar 2026 10:00:00 +0000"),)
    assert own_received_at(fields, own) == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert own_received_at(fields, OWN) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Thu, 05 Mar 2026 10:00:00 +99999999999999",
        "Thu, 05 Mar 99999999 10:00:00 +0200",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "Thu, 99 Mar 2026 99:99:99 +0200",
    ],
)
def test_an_unusable_date_is_no_date(text: str) -> None:
    assert instant(text) is None
