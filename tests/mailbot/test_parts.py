"""The MIME tree is split by its delimiters, without recursion and within limits."""

import pytest

from mailbot.parts import MAX_DEPTH, decoded, first, split, split_header


def leaves(raw: str) -> list[tuple[str, str, str]]:
    tree = split(raw.encode())
    return [(part.content_type, part.container, part.text()[0]) for part in tree.leaves]


def test_parts_come_in_order_with_the_multipart_they_stand_in() -> None:
    raw = (
        "Content-Type: multipart/mixed; boundary=out\n\npreamble\n--out\n"
        'Content-Type: multipart/alternative; boundary="in"\n\n'
        "--in\n\nplain\n--in\nContent-Type: text/html\n\n<p>page</p>\n--in--\n"
        "--out\nContent-Type: application/pdf\n\npdf\n--out--\nepilogue\n"
    )
    assert leaves(raw) == [
        ("text/plain", "alternative", "plain"),
        ("text/html", "alternative", "<p>page</p>"),
        ("application/pdf", "mixed", "pdf"),
    ]


def test_a_delimiter_stands_at_the_start_of_a_line_and_is_exact() -> None:
    raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx --b\n--bb\n --b\n--b  \n\ny\n--b--"
    assert [text for _, _, text in leaves(raw)] == ["x --b\n--bb\n --b", "y"]


def test_a_multipart_that_never_ends_keeps_its_last_part() -> None:
    raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nesimene\n--b\n\nviimane\n"
    assert [text for _, _, text in leaves(raw)] == ["esimene", "viimane\n"]


@pytest.mark.parametrize("head", ["multipart/mixed", "multipart/mixed; boundary=puudub"])
def test_a_multipart_without_delimiters_is_read_as_text(head: str) -> None:
    assert leaves(f"Content-Type: {head}\n\nPalun\n") == [("text/plain", "", "Palun\n")]


def test_a_part_of_a_digest_is_a_message_by_default() -> None:
    raw = "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--\n"
    assert leaves(raw)[0][0] == "message/rfc822"


def test_depth_is_capped_and_told() -> None:
    raw = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
        for n in range(MAX_DEPTH + 5)
    )
    assert split(raw + b"\nPalun").too_many
    assert split(raw + b"\nPalun").leaves == ()


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", "UGFsdW4=", "Palun"),
        ("BASE64", "UGFs\ndW4", "Palun"),
        ("base64", "UGFsdW4=!", "Palun"),
        ("quoted-printable", "k=C3=B5ik=\n", "kõik"),
        ("x-uuencode", "raw", "raw"),
    ],
)
def test_transfer_encodings_are_taken_off_also_when_broken(
    encoding: str, body: str, text: str
) -> None:
    raw = (
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}"
    )
    assert leaves(raw)[0][2].strip() == text


def test_folded_fields_are_one_value_and_names_are_lower_case() -> None:
    raw = b"Message-Id:\r\n <a@b>\r\nX: 1\r\n\r\nbody"
    fields, at, cut = split_header(raw, 0, len(raw))
    assert fields == (("message-id", "<a@b>"), ("x", "1"))
    assert (raw[at:], cut) == (b"body", False)


def test_a_mailbox_from_line_is_skipped_and_a_lost_blank_line_begins_the_body() -> None:
    raw = b"From mari Thu\nSubject: x\nPalun kustutage\n"
    fields, at, _ = split_header(raw, 0, len(raw))
    assert fields == (("subject", "x"),)
    assert raw[at:] == b"Palun kustutage\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?k=C3=B5ik?=", "kõik"),
        ("=?koi8-r?B?8NLP29U=?= a", "Прошу a"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?b?0J8=?==?utf-8?b?0YA=?=", "Пр"),
        ("=?utf-8?b?0A==?= =?utf-8?b?nw==?=", "П"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8*et?q?a_b?=", "a b"),
        ("=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("=?x-unknown?q?=D0=9F?=", "П"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("a\tb\x00c", "a b c"),
    ],
)
def test_encoded_words_are_read_and_never_make_a_new_line(value: str, text: str) -> None:
    assert decoded(value) == text


@pytest.mark.parametrize(
    "line",
    [
        "Content-Type: text/plain; name*",
        'Content-Type: text/plain; charset="x\x00y"',
        "Content-Type: text/plain; charset*=utf-8''%FF; name*1*=x; name*0*=y",
        "Content-Type: ;;;",
        "Content-Disposition: attachment; filename*=''",
    ],
)
def test_broken_parameters_do_not_raise(line: str) -> None:
    tree = split(f"{line}\n\nPalun".encode())
    assert tree.leaves[0].text()[0] == "Palun"
    assert first(tree.fields, "subject") == ""


def test_a_file_name_is_decoded_whatever_its_encoding() -> None:
    for name in (
        "filename*=utf-8''%C3%B5.txt",
        'filename="=?utf-8?q?=C3=B5.txt?="',
        'filename="õ.txt"',
    ):
        tree = split(f"Content-Disposition: attachment; {name}\n\nx".encode())
        assert tree.leaves[0].filename == "õ.txt"
