"""Words that stand in a table of a module and are shown in the language of whoever looks."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy


def screen(words: str) -> str:
    """Mark a sentence at the top of a module; it is translated each time it is shown.

    It behaves like text but for ``"".join``, which wants ``str(…)`` around it. Inside a function
    use ``gettext``.
    """
    return cast("str", gettext_lazy(words))


def spanish(words: str) -> str:
    """Mark a sentence that commands say as it stands and pages translate when they show it.

    Commands run before there are settings, so nothing is asked of Django here.
    """
    return words
