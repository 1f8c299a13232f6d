"""Plain text leads, HTML follows when it says something else, and new words are marked in both."""

from mailbot.body import Body, read_body
from mailbot.parts import split
from models.vocabulary import ReadingFlag


def body(*parts: tuple[str, str], kind: str = "alternative") -> Body:
    pieces = "".join(f"--b\nContent-Type: {head}\n\n{text}\n" for head, text in parts)
    raw = f"Content-Type: multipart/{kind}; boundary=b\n\n{pieces}--b--\n"
    return read_body(split(raw.encode()))


def new(found: Body) -> list[str]:
    return [found.text[a:b] for a, b in found.spans]


PLAIN, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"


def test_of_two_equal_alternatives_the_plain_one_is_the_text() -> None:
    found = body((PLAIN, "Palun kustutage andmed"), (HTML, "<p>Palun kustutage andmed</p>"))
    assert (found.text, found.flags) == ("Palun kustutage andmed", frozenset())


def test_a_page_that_says_something_else_is_appended_and_flagged() -> None:
    found = body((PLAIN, "Vaata veebis"), (HTML, "<p>Palun kustutage minu andmed</p>"))
    assert new(found) == ["Vaata veebis", "Palun kustutage minu andmed"]
    assert found.flags == {ReadingFlag.HTML_DIFFERS}


def test_an_empty_plain_part_leaves_the_page_as_the_text() -> None:
    found = body((PLAIN, " "), (HTML, "<p>Palun kustutage</p>"))
    assert (new(found), found.flags) == (["Palun kustutage"], frozenset())


def test_quotes_in_a_page_stay_in_the_text_outside_the_new_words() -> None:
    found = body((HTML, "<p>Uus</p><blockquote type=cite>vana</blockquote><p>Veel</p>"))
    assert new(found) == ["Uus", "Veel"]
    assert "vana" in found.text


def test_a_page_of_quotes_alone_is_flagged() -> None:
    found = body((HTML, "<blockquote type=cite>vana</blockquote>"))
    assert found.spans == ()
    assert found.flags == {ReadingFlag.ONLY_QUOTE}


def test_several_text_parts_are_one_text_and_attachments_are_none_of_it() -> None:
    named = 'text/plain; name="a.txt"'
    attached = "text/plain\nContent-Disposition: attachment"
    found = body(
        (PLAIN, "üks"), (named, "fail"), (attached, "manus"), (PLAIN, "kaks"), kind="mixed"
    )
    assert found.text == "üks\nkaks"


def test_text_over_the_cap_is_cut_and_flagged() -> None:
    found = body((PLAIN, "a" * 1_000_001))
    assert len(found.text) == 1_000_000
    assert found.flags == {ReadingFlag.TRUNCATED}
