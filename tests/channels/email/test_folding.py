"""Quotes and signatures of many mail programs: folded, never lost, answers never hidden."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.channels.email.folding import fold
from ventanilla.channels.email.folding_html import fold_html
from ventanilla.channels.email.markup import sanitise

QUOTE = "> Buen día\n> ¿Funciona?\n"

#: What the person wrote themselves, in each style.
OWN_WORDS = {
    "no quote": ("Hola\n\nNo puedo entrar.\n", "Hola\n\nNo puedo entrar."),
    "gmail es": (
        f"Ya quedó\n\nEl lun, 3 nov 2025 a las 10:00, Soporte (<s@x.example>) escribió:\n\n{QUOTE}",
        "Ya quedó",
    ),
    "gmail es without brackets": (
        f"Ya quedó\n\nEl lun., 3 de noviembre de 2025 10:00 a. m., Soporte escribió:\n{QUOTE}",
        "Ya quedó",
    ),
    "gmail es wrapped": (
        f"Ya quedó\n\nEl lun, 3 nov 2025 a las 10:00, Atención al Cliente (<\natencion@generasoft.example>) escribió:\n\n{QUOTE}",
        "Ya quedó",
    ),
    "gmail en": (
        f"Done\n\nOn Mon, Nov 3, 2025 at 10:00 AM Support <s@x.example> wrote:\n\n{QUOTE}",
        "Done",
    ),
    "gmail en wrapped": (
        f"Done\n\nOn Mon, Nov 3, 2025 at 10:00 AM Customer Support <\ns@x.example> wrote:\n\n{QUOTE}",
        "Done",
    ),
    "gmail pt": (
        f"Pronto\n\nEm seg., 3 de nov. de 2025 às 10:00, Suporte <s@x.example> escreveu:\n\n{QUOTE}",
        "Pronto",
    ),
    "apple es": (
        f"Listo\n\n> El 3 nov 2025, a las 10:00, Soporte <s@x.example> escribió:\n> \n{QUOTE}",
        "Listo",
    ),
    "apple en": (
        f"Done\n\n> On 3 Nov 2025, at 10:00, Support <s@x.example> wrote:\n> \n{QUOTE}",
        "Done",
    ),
    "thunderbird es": (f"Listo\n\nEl 03/11/2025 a las 10:00, Soporte escribió:\n{QUOTE}", "Listo"),
    "thunderbird en": (f"Done\n\nOn 11/3/25 10:00 AM, Support wrote:\n{QUOTE}", "Done"),
    "thunderbird pt": (f"Feito\n\nEm 03/11/2025 10:00, Suporte escreveu:\n{QUOTE}", "Feito"),
    "date first": (f"Listo\n\n2025-11-03 10:00 GMT-05:00 Soporte <s@x.example>:\n{QUOTE}", "Listo"),
    "proton": (
        f"Listo\n\nEl lunes, 3 de noviembre de 2025 a las 10:00, Soporte <s@x.example> escribió:\n\n{QUOTE}",
        "Listo",
    ),
    "unmarked quote": (
        "Listo\n\nEl 3 nov 2025 a las 10:00, Soporte escribió:\n\nBuen día\n¿Funciona?\n",
        "Listo",
    ),
    "outlook es": (
        "Listo\n\nDe: Soporte <s@x.example>\nEnviado: lunes, 3 de noviembre de 2025 10:00\nPara: Ana\nAsunto: RE: Caso\n\nBuen día\n",
        "Listo",
    ),
    "outlook es with line": (
        "Listo\n\n________________________________\nDe: Soporte\nEnviado el: lunes 3\nPara: Ana\nAsunto: RE: Caso\n\nBuen día\n",
        "Listo",
    ),
    "outlook en": (
        "Done\n\nFrom: Support <s@x.example>\nSent: Monday, November 3, 2025 10:00 AM\nTo: Ana\nSubject: RE: Case\n\nHi\n",
        "Done",
    ),
    "outlook pt": (
        "Feito\n\nDe: Suporte\nEnviado: segunda-feira, 3 de novembro\nPara: Ana\nAssunto: RE: Caso\n\nOi\n",
        "Feito",
    ),
    "outlook bold": (
        "Listo\n\n*De:* Soporte\n*Enviado:* lunes\n*Para:* Ana\n*Asunto:* RE\n\nBuen día\n",
        "Listo",
    ),
    "original message es": (
        "Listo\n\n-----Mensaje original-----\nDe: Soporte\n\nBuen día\n",
        "Listo",
    ),
    "original message en": ("Done\n\n-----Original Message-----\nFrom: Support\n\nHi\n", "Done"),
    "original message pt": ("Feito\n\n-----Mensagem original-----\nDe: Suporte\n\nOi\n", "Feito"),
    "phone": ("Listo\n\nEnviado desde mi iPhone\n", "Listo"),
    "phone with quote": (
        f"Listo\n\nEnviado desde mi iPhone\n\n> El 3 nov 2025, a las 10:00, Soporte <s@x.example> escribió:\n{QUOTE}",
        "Listo",
    ),
    "samsung": ("Listo\n\nEnviado desde mi Samsung Galaxy A54\n", "Listo"),
    "outlook mobile": ("Listo\n\nObtener Outlook para iOS<https://x.example>\n", "Listo"),
    "phone pt": ("Feito\n\nEnviado do meu iPhone\n", "Feito"),
    "phone en": ("Done\n\nSent from my iPhone\n", "Done"),
    "signature": ("Listo\n\n-- \nAna Ruiz\nTel. 555\n", "Listo"),
    "signature and quote": (
        f"Listo\n\n-- \nAna Ruiz\n\nEl 3 nov 2025 a las 10:00, Soporte escribió:\n{QUOTE}",
        "Listo",
    ),
    "below the quote": (
        f"El 3 nov 2025 a las 10:00, Soporte escribió:\n{QUOTE}\nSí, ya funciona.\n",
        "Sí, ya funciona.",
    ),
    "between the quotes": (
        "El 3 nov 2025 a las 10:00, Soporte escribió:\n> ¿Versión?\nLa 3.\n> ¿Sistema?\nWindows.\n",
        "La 3.\nWindows.",
    ),
    "forward with a word": (
        "Para su atención\n\n---------- Forwarded message ---------\nDe: Juan\nDate: lun\nSubject: x\n\nTexto\n",
        "Para su atención",
    ),
    "forward es": ("Vea\n\n---------- Mensaje reenviado ----------\nDe: Juan\n\nTexto\n", "Vea"),
    "forward apple": ("Vea\n\nInicio del mensaje reenviado:\n\nDe: Juan\n\nTexto\n", "Vea"),
    "thanks is not a signature": (
        "Gracias,\npero sigue sin abrir.\n",
        "Gracias,\npero sigue sin abrir.",
    ),
    "story that looks like an attribution": (
        "El 3 de noviembre pasó algo y mi jefe me lo contó:\nno abre.\n",
        "El 3 de noviembre pasó algo y mi jefe me lo contó:\nno abre.",
    ),
    "a list with dashes": ("Faltan:\n- uno\n- dos\n", "Faltan:\n- uno\n- dos"),
    "one line De:": (
        "De: la factura 3\nno entiendo el total.\n",
        "De: la factura 3\nno entiendo el total.",
    ),
    "rule between paragraphs": (
        "uno\n--------------------\ndos\n",
        "uno\n--------------------\ndos",
    ),
}


OWN_WORDS |= {
    "not a phone": ("Enviado desde la bodega el lunes\n", "Enviado desde la bodega el lunes"),
    "answer under a marked original": (
        "-----Mensaje original-----\nDe: Soporte\n\n> ¿Versión?\nLa 3.\n",
        "La 3.",
    ),
    "name wrote with date behind": (
        f"Listo\n\nSoporte <s@x.example> escribió el 3/11/2025:\n{QUOTE}",
        "Listo",
    ),
    "old quote deep inside an unmarked one": (
        "Listo\n\nDe: S\nEnviado: l\nPara: A\nAsunto: x\n\nBuen día\n> antes\nmás\n",
        "Listo",
    ),
}


@pytest.mark.parametrize(("text", "wanted"), OWN_WORDS.values(), ids=OWN_WORDS)
def test_own_words(text: str, wanted: str) -> None:
    pieces = fold(text)
    assert "".join(piece.text for piece in pieces) == text
    assert "".join(piece.text for piece in pieces if piece.kind == "new").strip() == wanted


KINDS = {
    "forward": (
        "Vea\n\n---------- Mensaje reenviado ----------\nDe: Juan\n\nTexto\n",
        ["new", "forward"],
    ),
    "forward alone": ("De: Juan\nEnviado: lunes\nPara: Ana\nAsunto: x\n\nTexto\n", ["forward"]),
    "signature then quote": (
        f"Listo\n\n-- \nAna\n\nEl 3 nov 2025 a las 10:00, X escribió:\n{QUOTE}",
        ["new", "signature", "quote"],
    ),
    "between": ("> a\nb\n> c\n", ["quote", "new", "quote"]),
    "empty": ("", []),
    "windows line ends": (
        "Listo\r\n\r\nEl 3 nov 2025 a las 10:00, X escribió:\r\n> hola\r\n",
        ["new", "quote"],
    ),
}


@pytest.mark.parametrize(("text", "kinds"), KINDS.values(), ids=KINDS)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [piece.kind for piece in fold(text)] == kinds


LINES = st.sampled_from(
    [
        "hola",
        "",
        "> cita",
        ">> cita",
        "-- ",
        "Ana",
        "El 3 nov 2025 a las 10:00, X escribió:",
        "On Mon, Nov 3, 2025 at 10:00 AM X <",
        "x@y.example> wrote:",
        "De: a",
        "Enviado: b",
        "Asunto: c",
        "-----Mensaje original-----",
        "---------- Forwarded message ---------",
        "Enviado desde mi iPhone",
        "________________________________",
        "\u2028",
        "\x0c",
        "\r",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES).map("\n".join) | st.text())
def test_nothing_is_lost(text: str) -> None:
    pieces = fold(text)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


OWN_HTML = {
    "gmail": (
        (
            '<div dir="ltr">Listo</div><br><div class="gmail_quote"><div class="gmail_attr">El lun escribió:<br></div>'
            '<blockquote class="gmail_quote"><div>Buen día</div></blockquote></div>'
        ),
        "Listo",
        ["Buen día", "escribió"],
    ),
    "gmail between": (
        (
            '<div class="gmail_quote"><div class="gmail_attr">El lun escribió:</div><blockquote class="gmail_quote">uno</blockquote>'
            '<div>mi respuesta</div><blockquote class="gmail_quote">dos</blockquote></div>'
        ),
        "mi respuesta",
        ["uno", "dos"],
    ),
    "thunderbird": (
        '<div class="moz-cite-prefix">El 3 escribió:</div><blockquote type="cite">Buen día</blockquote><p>Abajo</p>',
        "Abajo",
        ["Buen día"],
    ),
    "signature": ('Listo<div class="gmail_signature">Ana</div>', "Listo", ["Ana"]),
    "yahoo": (
        'Listo<div class="yahoo_quoted">El 3: <div>Buen día</div></div>',
        "Listo",
        ["Buen día"],
    ),
    "outlook": (
        (
            "<div><p>Listo</p><div><div><p><b>De:</b> Soporte<br><b>Enviado:</b> lunes<br><b>Para:</b> Ana<br><b>Asunto:</b> x</p></div></div>"
            "<p>Buen día</p></div>"
        ),
        "Listo",
        ["Buen día", "Soporte"],
    ),
    "outlook forward": (
        "<div><p>De: a<br>Enviado: b<br>Para: c<br>Asunto: d</p></div><p>Texto</p>",
        "",
        ["Texto", "De:"],
    ),
    "plain": ("<p>Listo</p><p>nada más</p>", "Listo", []),
    "nested quotes": (
        'Listo<blockquote type="cite">a<blockquote type="cite">b</blockquote></blockquote>',
        "Listo",
        ["a", "b"],
    ),
}


@pytest.mark.parametrize(("markup", "own", "folded"), OWN_HTML.values(), ids=OWN_HTML)
def test_html_quotes(markup: str, own: str, folded: list[str]) -> None:
    safe = sanitise(markup)
    assert safe is not None
    pieces = fold_html(safe.html)
    assert "".join(piece.text for piece in pieces) == safe.html
    new = "".join(piece.text for piece in pieces if piece.kind == "new")
    rest = "".join(piece.text for piece in pieces if piece.kind != "new")
    assert own in new
    assert all(words in rest and f">{words}" not in new for words in folded)


TAGS = st.sampled_from(
    [
        "<div>",
        "</div>",
        '<blockquote type="cite">',
        "</blockquote>",
        '<div class="gmail_attr">',
        "<p>",
        "</p>",
        "De: ",
        "Enviado: ",
        "Asunto: ",
        "Para: ",
        "x",
        "<br>",
        '<div class="gmail_signature">',
        "<b>",
        "</b>",
        "\n",
        "&lt;",
        "ñ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TAGS, max_size=40).map("".join))
def test_html_pieces_join_and_stay_balanced(markup: str) -> None:
    safe = sanitise(markup)
    assert safe is not None
    pieces = fold_html(safe.html)
    assert "".join(piece.text for piece in pieces) == safe.html
    # Folding a quote into <details> must leave valid HTML: sanitising changes nothing then.
    wrapped = "".join(
        piece.text if piece.kind == "new" else f"<details>{piece.text}</details>"
        for piece in pieces
    )
    again = sanitise(wrapped)
    assert again is not None
    assert again.html.count("<details>") == sum(piece.kind != "new" for piece in pieces)
    assert again.html == wrapped
