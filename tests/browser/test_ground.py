"""The ground of these tests: a page that is out of order does not pass."""

from __future__ import annotations

from tests.browser.browsing import Visitors


def test_a_healthy_page_is_no_trouble(visitors: Visitors) -> None:
    diego = visitors("diego")
    diego.go("/")
    assert diego.page.get_by_role("main").is_visible()
    assert diego.troubles == []


def test_troubles_are_heard(visitors: Visitors) -> None:
    diego = visitors("diego")
    diego.go("/cola/mia/")
    diego.page.evaluate("console.error('alas')")
    diego.page.evaluate("setTimeout(() => { throw new Error('broken') })")
    diego.page.evaluate("fetch('/nowhere/')")
    diego.page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'http://other.example/x.png'}))"
    )
    diego.page.wait_for_timeout(300)
    heard = "\n".join(diego.troubles)
    diego.troubles.clear()
    for each in ("alas", "broken", "404", "Content Security Policy"):
        assert each in heard
