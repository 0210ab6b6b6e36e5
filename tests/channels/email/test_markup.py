"""HTML that cannot harm, text out of HTML, HTML out of text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.channels.email.markup import html_to_text, sanitise, text_to_html


def clean(markup: str) -> str:
    safe = sanitise(markup)
    assert safe is not None
    return safe.html


HOSTILE = {
    "script": "<script>alert(1)</script>hola",
    "handler": '<img src="cid:a" onerror="alert(1)">',
    "javascript link": '<a href="javascript:alert(1)">x</a>',
    "hidden javascript link": '<a href="java&#10;script:alert(1)">x</a>',
    "data link": '<a href="data:text/html,<script>">x</a>',
    "form": '<form action="https://x.example"><input name="clave"><button>ok</button></form>',
    "frame": '<iframe src="https://x.example"></iframe>',
    "object": '<object data="x.swf"></object><embed src="x">',
    "style element": "<style>body{background:url(https://x.example)}</style>",
    "style attribute": '<p style="position:fixed;top:0">x</p>',
    "background": '<table background="https://x.example/a.png"><tr><td>x</td></tr></table>',
    "base": '<base href="https://x.example">',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://x.example">',
    "link": '<link rel="stylesheet" href="https://x.example/a.css">',
    "drawing": '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)">x</a></svg>',
    "math": '<math><mi xlink:href="data:x">x</mi></math>',
    "conditional comment": "<!--[if mso]><script>x</script><![endif]-->",
    "mutation": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "mutation by style": "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "remote picture": '<img src="https://x.example/pixel.gif" width="1" height="1">',
    "remote picture without scheme": '<img src="//x.example/pixel.gif">',
    "picture set": '<img srcset="https://x.example/a.png 1x"><picture><source srcset="https://x.example/b.png"></picture>',
    "picture of data": '<img src="data:image/png;base64,AAAA">',
    "video": '<video poster="https://x.example/a.png"><source src="https://x.example/a.mp4"></video>',
    "class and id of ours": '<div class="toolbar primary" id="main">x</div>',
    "file link": '<a href="file:///etc/passwd">x</a>',
    "relative link": '<a href="/cuenta/borrar">x</a>',
}
FORBIDDEN = re.compile(
    r"<(?:script|style|form|input|button|iframe|object|embed|base|meta|link|svg|math|video|source)\b"
    r"|\son\w+=|javascript:|data:|style=|background=|srcset=|\ssrc=\"(?!cid:)|file:|href=\"/|toolbar|id=",
    re.IGNORECASE,
)


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_is_harmless(markup: str) -> None:
    assert not FORBIDDEN.search(clean(markup))


@pytest.mark.parametrize(
    ("markup", "blocked"),
    [
        (HOSTILE["remote picture"], 1),
        (HOSTILE["remote picture without scheme"], 1),
        (HOSTILE["picture of data"], 1),
        ('<img src="cid:a"><img src="https://x.example/1"><img src="http://x.example/2">', 2),
        ('<p>&lt;img src="https://x.example/1"&gt;</p>', 0),
    ],
)
def test_remote_pictures_are_counted(markup: str, blocked: int) -> None:
    safe = sanitise(markup)
    assert safe is not None
    assert safe.blocked_images == blocked


def test_what_is_harmless_stays() -> None:
    markup = clean(
        '<p dir="rtl">Hola <b>Ana</b> <a href="https://x.example/a?b=1&amp;c=2">aquí</a></p>'
        '<img src="cid:f1@x" alt="foto" width="10"><table><tr><td colspan="2">1</td></tr></table>'
    )
    assert (
        '<a href="https://x.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">'
        in markup
    )
    assert '<img src="cid:f1@x" alt="foto" width="10">' in markup
    assert '<p dir="rtl">' in markup
    assert 'colspan="2"' in markup


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "</",
        "<p",
        "<img src=",
        "<a href=",
        "<svg>",
        "<style>",
        "<script>",
        "javascript:",
        "onerror=",
        '"',
        "'",
        "x",
        " ",
        "<!--",
        "-->",
        "<![CDATA[",
        "&lt;",
        "&#x0a;",
        "<math>",
        "<noscript>",
        "</p>",
        "=",
        "data:",
        "\0",
        "<table>",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_any_markup_is_harmless_and_cleaning_is_final(markup: str) -> None:
    first = clean(markup)
    tags = "".join(re.findall(r"<[^>]*>", first))
    assert not FORBIDDEN.search(tags)
    assert clean(first) == first
    html_to_text(first)


TEXTS = {
    "paragraphs": ("<p>uno</p><p>dos</p>", "uno\n\ndos"),
    "divisions": ("<div>uno</div><div>dos</div>", "uno\ndos"),
    "breaks": ("uno<br>dos<br><br>tres", "uno\ndos\n\ntres"),
    "spaces": ("<p>  uno \n  dos </p>", "uno dos"),
    "list": ("<ul><li>uno</li><li>dos</li></ul>", "- uno\n- dos"),
    "numbered": ('<ol start="3"><li>uno</li><li>dos</li></ol>', "3. uno\n4. dos"),
    "list in a list": (
        "<ul><li>uno<ol><li>a</li></ol></li><li>dos</li></ul>",
        "- uno\n\n1. a\n\n- dos",
    ),
    "table": (
        "<table><tr><td>Plan</td><td>Precio</td></tr><tr><td>A</td><td>10</td></tr></table>",
        "Plan\tPrecio\nA\t10",
    ),
    "quote": ("uno<blockquote>dos<br>tres</blockquote>cuatro", "uno\n> dos\n> tres\ncuatro"),
    "quote in a quote": ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n> > b"),
    "link": ('<a href="https://x.example/a">aquí</a>', "aquí <https://x.example/a>"),
    "link that shows itself": (
        '<a href="https://x.example/">https://x.example</a>',
        "https://x.example",
    ),
    "mail link": ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
    "preformatted": ("<pre>a  b\n  c</pre>", "a  b\n  c"),
    "picture": ('<img src="cid:a" alt="foto">', "[foto]"),
    "entities": ("&lt;b&gt; &amp; &ntilde;&nbsp;x", "<b> & ñ x"),
    "nothing": ("", ""),
    "script": ("<script>x</script>hola", "hola"),
    "title": ("<head><title>no</title></head><body>hola</body>", "hola"),
    "outlook paragraph": ("<p><o:p>&nbsp;</o:p></p><p>hola</p>", "hola"),
}


@pytest.mark.parametrize(("markup", "wanted"), TEXTS.values(), ids=TEXTS)
def test_html_as_text(markup: str, wanted: str) -> None:
    assert html_to_text(clean(markup)) == wanted


MARKUPS = {
    "paragraphs": ("uno\n\ndos", "<p>uno</p>\n<p>dos</p>\n"),
    "lines": ("uno\ndos", "<p>uno<br>\ndos</p>\n"),
    "escaped": ('<b> & "x"', "<p>&lt;b&gt; &amp; &quot;x&quot;</p>\n"),
    "link": (
        "Vea https://x.example/a?b=1&c=2.",
        '<p>Vea <a href="https://x.example/a?b=1&amp;c=2">https://x.example/a?b=1&amp;c=2</a>.</p>\n',
    ),
    "stars stay": ("1. *uno*\n- dos", "<p>1. *uno*<br>\n- dos</p>\n"),
    "quote": (
        "Sí\n> ¿uno?\n>> dos\nfin",
        "<p>Sí</p>\n<blockquote><p>¿uno?</p>\n<blockquote><p>dos</p>\n</blockquote></blockquote><p>fin</p>\n",
    ),
    "hostile link": (
        'https://x.example/"onclick=alert(1)',
        '<p><a href="https://x.example/">https://x.example/</a>&quot;onclick=alert(1)</p>\n',
    ),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("text", "wanted"), MARKUPS.values(), ids=MARKUPS)
def test_text_as_html(text: str, wanted: str) -> None:
    assert text_to_html(text) == wanted


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from(list("ab <>&\"'>\n:/.htps")), max_size=80))
def test_text_as_html_is_balanced_and_harmless(text: str) -> None:
    made = text_to_html(text)
    assert made.count("<blockquote>") == made.count("</blockquote>")
    assert clean(made).replace(' target="_blank" rel="noopener noreferrer nofollow"', "") == clean(
        clean(made)
    ).replace(' target="_blank" rel="noopener noreferrer nofollow"', "")
    assert not re.search(r"<(?!/?(?:p|br|a|blockquote)\b)", made)
