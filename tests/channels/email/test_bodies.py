"""Words and files out of every structure and alphabet that mail comes in."""

import base64

import pytest

from tests.channels.email import corpus
from tests.channels.email.corpus import HEAD, file_part, html, mail, mixed, multipart, part, plain
from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.structure import unflow
from ventanilla.channels.email.values import new_text

SPANISH = "Año nuevo, ¿qué pasó?"


def labelled(label: str, data: bytes) -> bytes:
    return mail(
        data, f"Content-Type: text/plain; charset={label}", "Content-Transfer-Encoding: 8bit"
    )


CHARSETS = {
    "utf-8": (labelled("utf-8", SPANISH.encode()), SPANISH, ()),
    "utf-8 with mark": (labelled("utf-8", b"\xef\xbb\xbf" + SPANISH.encode()), SPANISH, ()),
    "latin 1": (labelled("iso-8859-1", SPANISH.encode("latin-1")), SPANISH, ()),
    "latin 9": (labelled("iso-8859-15", "5 € año".encode("iso8859-15")), "5 € año", ()),
    "windows called latin 1": (labelled("iso-8859-1", b"\x93a\xf1o\x94 \x80"), "“año” €", ()),
    "utf-8 called latin 1": (
        labelled("iso-8859-1", SPANISH.encode()),
        SPANISH,
        ("charset_mislabelled",),
    ),
    "utf-8 called ascii": (
        labelled("us-ascii", SPANISH.encode()),
        SPANISH,
        ("charset_mislabelled",),
    ),
    "latin 1 called ascii": (
        labelled("us-ascii", SPANISH.encode("latin-1")),
        SPANISH,
        ("charset_mislabelled",),
    ),
    "latin 1 called utf-8": (
        labelled("utf-8", SPANISH.encode("latin-1")),
        SPANISH,
        ("charset_mislabelled",),
    ),
    "no label": (mail(SPANISH.encode()), SPANISH, ("charset_guessed",)),
    "no label, latin 1": (mail(SPANISH.encode("latin-1")), SPANISH, ("charset_guessed",)),
    "unknown-8bit": (labelled("unknown-8bit", SPANISH.encode()), SPANISH, ("charset_guessed",)),
    "invented": (labelled("x-marciano", SPANISH.encode()), SPANISH, ("charset_unknown",)),
    "a codec that is no charset": (
        labelled("zlib", SPANISH.encode()),
        SPANISH,
        ("charset_unknown",),
    ),
    "punycode": (labelled("punycode", b"a-b-a\xf1o"), "a-b-año", ("charset_unknown",)),
    "utf-7": (labelled("utf-7", b"A+APE-o"), "Año", ()),
    "utf-16": (labelled("utf-16", "año".encode("utf-16")), "año", ()),
    "gb2312": (labelled("gb2312", "中文€".encode("gb18030")), "中文€", ()),
    "big5": (labelled("big5", "中文".encode("big5")), "中文", ()),
    "shift_jis": (labelled("shift_jis", "日本".encode("cp932")), "日本", ()),
    "iso-2022-jp": (labelled("ISO-2022-JP", "日本".encode("iso2022_jp")), "日本", ()),
    "euc-kr": (labelled("ks_c_5601-1987", "한글".encode("cp949")), "한글", ()),
    "koi8-r": (labelled("koi8-r", "Привет".encode("koi8_r")), "Привет", ()),
    "windows-1251": (labelled("windows-1251", "Привет".encode("cp1251")), "Привет", ()),
    "dos": (labelled("cp850", "año".encode("cp850")), "año", ()),
    "quoted label": (labelled('"utf-8"', "año".encode()), "año", ()),
    "undefined bytes of windows": (
        labelled("windows-1252", b"a\x81\xf1\x93"),
        "a\x81ñ“",
        ("charset_mislabelled",),
    ),
    "nul bytes": (labelled("utf-8", b"ho\0la"), "hola", ("nul_bytes",)),
}


@pytest.mark.parametrize(("raw", "wanted", "defects"), CHARSETS.values(), ids=CHARSETS)
def test_charset(raw: bytes, wanted: str, defects: tuple[str, ...]) -> None:
    parsed = parse(raw)
    assert parsed.text.strip() == wanted
    assert parsed.defects == defects


def encoded(name: str, body: bytes) -> bytes:
    return mail(
        body, "Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {name}"
    )


ENCODINGS = {
    "quoted-printable": (encoded("quoted-printable", b"a=C3=B1o=\r\n nuevo"), "año nuevo", ()),
    "broken quoted-printable": (
        encoded("quoted-printable", b"a=C3=B1o =ZZ 100% ="),
        "año =ZZ 100%",
        (),
    ),
    "base64": (encoded("BASE64", base64.b64encode("año".encode())), "año", ()),
    "base64 with rubbish": (encoded("base64", b"YcO-!!-xbw=="), "año", ("base64_broken",)),
    "base64 cut": (encoded("base64", b"YcOxb"), "añ", ("base64_broken",)),
    "base64 of two pieces": (encoded("base64", b"YQ==\r\nYg=="), "ab", ()),
    "unknown": (encoded("rot13", b"hola"), "hola", ("encoding_unknown",)),
    "uuencode": (encoded("x-uuencode", b"begin 644 a\r\n%2&]L82$\r\n`\r\nend\r\n"), "Hola!", ()),
}


@pytest.mark.parametrize(("raw", "wanted", "defects"), ENCODINGS.values(), ids=ENCODINGS)
def test_transfer_encoding(raw: bytes, wanted: str, defects: tuple[str, ...]) -> None:
    parsed = parse(raw)
    assert parsed.text.strip() == wanted
    assert parsed.defects == defects


ALTERNATIVE = multipart("alternative", plain("uno\n"), html("<p>uno</p>"), boundary="alt")
RELATED = multipart(
    "related",
    multipart("alternative", plain("uno\n"), html('<img src="cid:f1@x">'), boundary="alt"),
    part(
        base64.encodebytes(corpus.PNG),
        "Content-Type: image/png",
        "Content-ID: <f1@x>",
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: inline; filename="f.png"',
    ),
    boundary="rel",
)
NESTED = part(
    corpus.mail("Texto interior\n").replace(b"uno@", b"dos@"),
    "Content-Type: message/rfc822",
    "Content-Disposition: attachment",
)

STRUCTURES = {
    "text only": (mail("uno\n"), "uno", []),
    "html only": (HEAD + html("<p>uno</p>"), "uno", []),
    "empty": (mail(""), "", []),
    "alternative": (HEAD + ALTERNATIVE, "uno", []),
    "alternative in mixed": (mixed(ALTERNATIVE, file_part(corpus.PDF, "a.pdf")), "uno", ["a.pdf"]),
    "alternative in related in mixed": (
        mixed(RELATED, file_part(corpus.PDF, "a.pdf")),
        "uno",
        ["f.png", "a.pdf"],
    ),
    "empty text beside html": (
        HEAD + multipart("alternative", plain("\n"), html("<p>uno</p>")),
        "uno",
        [],
    ),
    "text, picture, text": (
        mixed(plain("uno\n"), file_part(corpus.PNG, "f.png", "image/png"), plain("dos\n")),
        "uno\n\ndos",
        ["f.png"],
    ),
    "calendar": (
        HEAD
        + multipart(
            "alternative",
            plain("uno\n"),
            part("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "Content-Type: text/calendar; method=REQUEST"),
        ),
        "uno",
        ["adjunto-1.ics"],
    ),
    "signed with PGP": (
        HEAD
        + multipart(
            "signed",
            plain("uno\n"),
            part("-----BEGIN PGP SIGNATURE-----\n", "Content-Type: application/pgp-signature"),
        ),
        "uno",
        ["adjunto-1.asc"],
    ),
    "signed with S/MIME": (
        HEAD
        + multipart(
            "signed",
            plain("uno\n"),
            file_part(b"0\x80", "smime.p7s", "application/pkcs7-signature"),
        ),
        "uno",
        ["smime.p7s"],
    ),
    "mail inside": (mixed(plain("uno\n"), NESTED), "uno", ["No puedo entrar.eml"]),
    "text file": (
        mixed(plain("uno\n"), file_part(b"x", "notas.txt", "text/plain")),
        "uno",
        ["notas.txt"],
    ),
    "body with a name": (
        HEAD + part("uno\n", 'Content-Type: text/plain; name="cuerpo.txt"'),
        "uno",
        [],
    ),
    "one attachment and no words": (HEAD + file_part(corpus.PDF, "a.pdf"), "", ["a.pdf"]),
    "no final boundary": (
        HEAD + multipart("mixed", plain("uno\n"), file_part(corpus.PDF, "a.pdf"), end=False),
        "uno",
        ["a.pdf"],
    ),
    "wrong boundary": (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="otra"\r\n\r\n--real\r\n'
        + plain("uno\n")
        + b"\r\n--real--\r\n",
        "uno",
        [],
    ),
    "no boundary anywhere": (HEAD + b"Content-Type: multipart/mixed\r\n\r\nuno\r\n", "uno", []),
    "boundary and nothing else": (
        HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x--',
        "",
        [],
    ),
    "words before the first boundary": (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\nvisor viejo\r\n--x\r\n'
        + plain("uno\n")
        + b"\r\n--x--\r\n",
        "uno",
        [],
    ),
    "same boundary twice": (mixed(multipart("mixed", plain("uno\n"))), "uno", []),
    "nonsense type": (mail("uno\n", "Content-Type: esto no es nada"), "uno", []),
    "no type": (mail("uno\n", "Content-Type:"), "uno", []),
    "type of one word": (mail("uno\n", "Content-Type: text"), "uno", []),
    "bare line feeds": ((HEAD + ALTERNATIVE).replace(b"\r\n", b"\n"), "uno", []),
    "bare carriage returns": ((HEAD + ALTERNATIVE).replace(b"\r\n", b"\r"), "uno", []),
}


@pytest.mark.parametrize(("raw", "text", "files"), STRUCTURES.values(), ids=STRUCTURES)
def test_structure(raw: bytes, text: str, files: list[str]) -> None:
    parsed = parse(raw)
    assert parsed.text.strip() == text
    assert [one.filename for one in parsed.attachments] == files


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("no final boundary", "boundary_unterminated"),
        ("wrong boundary", "boundary_guessed"),
        ("no boundary anywhere", "boundary_missing"),
    ],
)
def test_structure_defects_are_named(name: str, defect: str) -> None:
    assert defect in parse(STRUCTURES[name][0]).defects


def test_picture_of_the_mail_stays_a_reference_to_its_attachment() -> None:
    parsed = parse(HEAD + RELATED)
    (picture,) = parsed.attachments
    assert (picture.content_id, picture.inline, picture.sniffed_type) == ("f1@x", True, "image/png")
    assert picture.content == corpus.PNG
    assert 'src="cid:f1@x"' in (parsed.html or "")
    assert parsed.blocked_images == 0


def test_mail_inside_is_kept_whole_and_read_apart() -> None:
    inside = corpus.mail("Texto interior\n")
    parsed = parse(mixed(plain("uno\n"), part(inside, "Content-Type: message/rfc822")))
    (file,) = parsed.attachments
    assert file.content == inside
    assert file.embedded is not None
    assert (file.embedded.subject, file.embedded.text) == ("No puedo entrar", "Texto interior\n")
    assert "Texto interior" not in parsed.text


def test_mail_inside_in_base64_is_opened_all_the_same() -> None:
    inside = corpus.mail("Texto interior\n")
    wrapped = part(
        base64.encodebytes(inside),
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
    )
    (file,) = parse(mixed(plain(), wrapped)).attachments
    assert file.content == inside
    assert file.embedded is not None


def test_signed_and_encrypted_are_noted() -> None:
    assert parse(STRUCTURES["signed with PGP"][0]).signed
    sealed = HEAD + multipart(
        "encrypted", part("Version: 1", "Content-Type: application/pgp-encrypted")
    )
    assert parse(sealed).encrypted
    assert parse(mail("-----BEGIN PGP MESSAGE-----\nxx\n")).encrypted
    enveloped = HEAD + file_part(b"0", "smime.p7m", "application/pkcs7-mime")
    assert parse(enveloped).encrypted
    assert not parse(mail("hola")).encrypted


def test_body_and_files_are_all_there_whichever_form() -> None:
    parsed = parse(mixed(html("<p>uno</p>"), file_part(corpus.PDF, "a.pdf"), html("<p>dos</p>")))
    assert parsed.text == "uno\ndos"
    assert parsed.html == "<p>uno</p>\n<p>dos</p>"


def test_flowed_lines_are_joined() -> None:
    written = "Esta línea sigue \naquí.\n> cita que \n> sigue\n-- \nAna\n"
    assert unflow(written, delete_space=False) == (
        "Esta línea sigue aquí.\n> cita que sigue\n-- \nAna\n"
    )
    assert unflow("日 \n本", delete_space=True) == "日本"
    raw = mail(written, "Content-Type: text/plain; charset=utf-8; format=flowed")
    assert new_text(parse(raw)) == "Esta línea sigue aquí."


def test_html_only_quotes_are_folded_in_the_text() -> None:
    raw = HEAD + html(
        "<div>Ya quedó</div><div>El 3 nov 2026 a las 10:00, Soporte &lt;s@x.example&gt; escribió:</div>"
        '<blockquote type="cite"><p>¿Funciona?</p></blockquote>'
    )
    assert new_text(parse(raw)) == "Ya quedó"
