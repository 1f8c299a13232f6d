"""HTML mail as text, with the ranges that mail programs mark as quoted; bounded.

selectolax finds the quotes, inscriptis lays out the text. Both are slow on deep or endless
trees, so size, depth and nodes are capped before either sees them.
"""

import re
from dataclasses import dataclass

import inscriptis  # type: ignore[import-untyped]
from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_CHARS = 1_000_000
MAX_DEPTH = 2000
MAX_NODES = 50_000
LAYOUT_DEPTH = 150  # inscriptis recurses, and lxml stops at 256
LAYOUT_NODES = 20_000
LAYOUT_CELLS = 3000  # wide tables are laid out in quadratic time
MAX_MARKS = 1000

BEGIN, END, REST = "\ue000", "\ue001", "\ue002"  # private use: where quotes lie in the text
MARK = re.compile(f"[{BEGIN}{END}{REST}]")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# these close themselves or have no end tag, so an open one adds no depth
FLAT = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "option",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
    }
)
QUOTES = (
    "blockquote[type=cite], blockquote.gmail_quote, .gmail_attr, .moz-cite-prefix, .yahoo_quoted, "
    ".protonmail_quote, .tutanota_quote, .zmail_extra, #OLK_SRC_BODY_SECTION, "
    "#mail-editor-reference-message-container"
)
# Outlook puts no element round the quote: everything after its divider is quoted
DIVIDERS = (
    "#divRplyFwdMsg, #appendonsend, #stopSpelling, #ms-outlook-mobile-body-separator-line, "
    'div[style*="border-top:solid #E1E1E1"], div[style*="border-top:solid #B5C4DF"]'
)
UNSEEN = ["script", "style", "head", "title", "template", "noscript"]
LAYOUT = ParserConfig(css=CSS_PROFILES["strict"])
WORD = re.compile(r"\w{3,}")
BLANK_ENDS = re.compile(r"[ \t\u00a0\u200b]+(?=\n|\Z)")
BLANK_RUN = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class HtmlText:
    """`quoted` are half-open code-point ranges of `text`; `cut` when a cap was met."""

    text: str
    quoted: tuple[tuple[int, int], ...]
    cut: bool


def read(html: str) -> HtmlText:
    """The readable text of a page; never raises."""
    html, plain_layout, cut = _capped(html)
    tree = LexborHTMLParser(html)
    _mark_quotes(tree)
    marked = _plain(tree) if plain_layout else _laid_out(tree)
    text, quoted = _unmarked(BLANK_RUN.sub("\n\n", BLANK_ENDS.sub("", marked)).strip("\n"))
    return HtmlText(text, quoted, cut)


def differs(plain: str, html: str) -> bool:
    """Whether the page says much that the text part does not."""
    html, _, _ = _capped(html)
    shown = set(WORD.findall(_plain(LexborHTMLParser(html))[:MAX_CHARS].lower()))
    missing = shown - set(WORD.findall(plain.lower()))
    return len(missing) >= 3 and len(missing) > 0.4 * len(shown)


def _capped(html: str) -> tuple[str, bool, bool]:
    """The page within its caps, whether layout would be too costly, whether it was cut."""
    cut = len(html) > MAX_CHARS
    html = MARK.sub("", html[:MAX_CHARS])
    if html.count("<") <= LAYOUT_DEPTH:
        return html, False, cut
    depth = deepest = nodes = 0
    for match in TAG.finditer(html):
        nodes += 1
        if match[2].lower() in FLAT:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            return html[: match.start()], True, True
    cells = html.count("<td") + html.count("<TD")
    return html, deepest > LAYOUT_DEPTH or nodes > LAYOUT_NODES or cells > LAYOUT_CELLS, cut


def _mark_quotes(tree: LexborHTMLParser) -> None:
    quotes = [node for node in tree.css(".gmail_quote") if not _has_inner_quote(node)]
    for node in [*quotes, *tree.css(QUOTES)][:MAX_MARKS]:
        node.insert_before(BEGIN)
        node.insert_after(END)
    divider = tree.css_first(DIVIDERS)
    if divider is not None:
        divider.insert_before(REST)


def _has_inner_quote(node: LexborNode) -> bool:
    """Gmail's outer element also holds replies written between the quotes."""
    return node.tag == "blockquote" or node.css_first("blockquote") is not None


def _laid_out(tree: LexborHTMLParser) -> str:
    try:
        return str(inscriptis.get_text(tree.html or "", LAYOUT))
    except Exception:  # a page its parser cannot take: plain text is enough
        return _plain(tree)


def _plain(tree: LexborHTMLParser) -> str:
    tree.strip_tags(UNSEEN)
    return tree.body.text(separator="\n") if tree.body else ""


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Text without marks, and the ranges between them."""
    pieces: list[str] = []
    quoted: list[tuple[int, int]] = []
    at = length = depth = 0
    start = None
    for match in MARK.finditer(marked):
        pieces.append(marked[at : match.start()])
        length += match.start() - at
        at = match.end()
        depth += {BEGIN: 1, END: -1, REST: MAX_CHARS}[match[0]]
        if depth > 0 and start is None:
            start = length
        elif depth <= 0 and start is not None:
            quoted.append((start, length))
            start = None
        depth = max(depth, 0)
    text = "".join([*pieces, marked[at:]])
    if start is not None:
        quoted.append((start, len(text)))
    return text, tuple(quoted)
