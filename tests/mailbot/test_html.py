"""Pages become text with their quotes marked, and hostile pages stay cheap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.html import MAX_CHARS, differs, read


def new(html: str) -> str:
    page = read(html)
    kept, at = [], 0
    for start, end in page.quoted:
        kept.append(page.text[at:start])
        at = end
    return " ".join("".join([*kept, page.text[at:]]).split())


def test_inline_marks_do_not_break_words_and_blocks_make_lines() -> None:
    page = read("<p>Palun kus<b>tu</b>tage</p><p>minu&nbsp;andmed &amp; konto</p>")
    assert page.text.split("\n\n") == ["Palun kustutage", "minu andmed & konto"]
    assert (page.quoted, page.cut) == ((), False)


def test_scripts_styles_and_hidden_text_are_not_text() -> None:
    page = "<style>p{}</style><script>x()</script><p style='display:none'>peidus</p><p>Tere</p>"
    assert new(page) == "Tere"


@pytest.mark.parametrize(
    "quote",
    [
        '<blockquote type="cite">vana</blockquote>',
        '<div class="gmail_quote">vana</div>',
        '<div class="gmail_quote"><p class=gmail_attr>vana</p><blockquote class=gmail_quote>vana',
        '<div class="moz-cite-prefix">vana</div><blockquote type="cite">vana</blockquote>',
        '<div id="appendonsend"></div><div>vana</div>',
        '<hr><div id="divRplyFwdMsg">vana</div><div>vana</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt">vana</div><p>vana</p>',
        '<div class="yahoo_quoted">vana</div>',
    ],
)
def test_quotes_of_mail_programs_are_marked(quote: str) -> None:
    assert new(f"<html><body><p>Uus sõna.</p>{quote}</body></html>") == "Uus sõna."


def test_replies_between_gmail_quotes_are_kept() -> None:
    page = (
        '<div class="gmail_quote"><blockquote class="gmail_quote">küsimus</blockquote>'
        '<div>Minu vastus</div><blockquote class="gmail_quote">veel</blockquote></div>'
    )
    assert new(page) == "Minu vastus"


def test_an_indented_block_of_the_writer_is_no_quote() -> None:
    assert new("<p>Tere</p><blockquote>Palun kustutage</blockquote>") == "Tere Palun kustutage"


def test_pages_that_say_the_same_do_not_differ() -> None:
    assert not differs("Palun kustutage minu andmed", "<p>Palun <b>kustutage</b> minu andmed</p>")
    assert differs("Vaadake HTML-vaates", "<p>Palun kustutage minu andmed</p>")


@pytest.mark.parametrize(
    ("html", "cut"),
    [
        ("<div>" * 1900 + "tere", False),
        ("<div>" * 100_000 + "tere", True),
        ("tere" + "<b>x</b>" * 60_000, True),
        ("tere " * MAX_CHARS, True),
        ("<table><tr>" + "<td>tere" * 10_000 + "</table>", False),
    ],
)
def test_deep_wide_and_endless_pages_are_bounded(html: str, cut: bool) -> None:
    page = read(html)
    assert page.cut is cut
    assert len(page.text) <= 2 * MAX_CHARS


@given(
    st.lists(
        st.sampled_from(
            [
                *("<div>", "</div>", "<blockquote type=cite>", "</blockquote>", "tere", "\ue000"),
                *("<!--", "<table>", "<td>", "&#0;", "&#xE001;", "&#xD800;", "<p", ">", "<svg>"),
                *("<?xml?>", '<div id="appendonsend">', '<div class="gmail_quote">', "<template>"),
            ]
        ),
        max_size=20,
    )
)
def test_any_page_gives_text_and_ranges_inside_it(pieces: list[str]) -> None:
    page = read("".join(pieces))
    edges = [edge for span in page.quoted for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(page.text) for edge in edges)
