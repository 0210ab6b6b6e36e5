"""Markdown of people becomes HTML that harms nobody."""

from html.parser import HTMLParser

import pytest

from ventanilla.core.markdown import summary_of, to_html, to_words


def test_what_people_write_is_laid_out() -> None:
    html = to_html(
        "# Título\n\nUna **palabra** y\notra línea.\n\n1. uno\n2. dos\n\n|a|b|\n|-|-|\n|1|2|"
    )
    assert "<h2>Título</h2>" in html
    assert "<strong>palabra</strong>" in html
    assert "<br>" in html
    assert html.count("<li>") == 2
    assert "<td>1</td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://otro.example/p.png)",
        "<a href='https://x.example' onclick='alert(1)'>x</a>",
        "[x](https://x.example \"a' onmouseover='alert(1)\")",
        "<svg/onload=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_that_runs_or_calls_home(text: str) -> None:
    html = to_html(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert not [name for name in _attributes(html) if name.startswith("on")]
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html.lower()


def test_links_say_nothing_of_the_reader() -> None:
    html = to_html("[guía](https://ayuda.example/a?b=1&c=2) y [correo](mailto:a@b.example)")
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'href="mailto:a@b.example"' in html


def test_words_are_plain() -> None:
    assert to_words("## Pasos\n\n- **uno** & [dos](https://x.example)\n- `a < b`") == (
        "Pasos uno & dos a < b"
    )


def _attributes(html: str) -> list[str]:
    """The names of all attributes, as a browser would read them."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(name for name, _ in attrs)

    Reader().feed(html)
    return found


def test_headings_begin_below_the_one_of_the_page_whatever_was_typed() -> None:
    assert "<h2>a</h2>" in to_html("### a\n\n#### b")
    assert "<h3>b</h3>" in to_html("### a\n\n#### b")
    assert "<h4>d</h4>" in to_html("# a\n\n## b\n\n### c\n\n###### d")


def test_a_summary_is_made_of_sentences() -> None:
    text = "# Planes\n\n|a|b|\n|-|-|\n|1|2|\n\n- uno\n\nPuede **cambiar** de plan.\n\n> cita"
    assert summary_of(text) == "Puede cambiar de plan."
    assert summary_of("- solo\n- lista") == "solo lista"
    assert summary_of("") == ""
