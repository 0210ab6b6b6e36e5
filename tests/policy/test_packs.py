"""Both packs load, are complete, survive JSON, and mistakes say where they stand."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from importlib import resources
from pathlib import Path

import pytest

from ventanilla.policy import Basis, NaiveMoment, Pack, PackInvalid, PackNotFound, available, load
from ventanilla.policy.packs import desk_addresses, loads
from ventanilla.policy.schema import CommitmentKind, UnknownKey
from ventanilla.policy.template import BrokenBraces, MissingValue, UnknownPlaceholder, fill

GENERASOFT = (resources.files("ventanilla.policy.packs") / "generasoft.yaml").read_text("utf-8")


def test_the_packs_that_come_with_the_product() -> None:
    assert available() == ("generasoft", "sion")


@pytest.mark.parametrize(("name", "letter", "count"), [("generasoft", "G", 15), ("sion", "S", 22)])
def test_every_requirement_has_a_clause(name: str, letter: str, count: int) -> None:
    asked = {f"{letter}{number}" for number in range(1, count + 1)}
    assert {clause.requirement for clause in load(name).clauses} == asked


@pytest.mark.parametrize("name", ["generasoft", "sion"])
def test_the_addresses_alone_are_those_of_the_whole_pack(name: str, tmp_path: Path) -> None:
    assert desk_addresses(name) == tuple(a for desk in load(name).desks for a in desk.addresses)
    other = tmp_path / "otra.yaml"
    other.write_text("name: Sin mesas\n", encoding="utf-8")
    with pytest.raises(PackInvalid, match="Faltan las mesas"):
        desk_addresses(other)


@pytest.mark.parametrize("name", ["generasoft", "sion"])
def test_json_round_trip_keeps_the_pack_and_its_digest(name: str) -> None:
    pack = load(name)
    again = Pack.from_document(json.loads(json.dumps(pack.to_document())))
    assert again == pack
    assert again.sha256 == pack.sha256
    changed = {**pack.to_document(), "version": "1.1"}
    assert Pack.from_document(changed).sha256 != pack.sha256


@pytest.mark.parametrize("name", ["generasoft", "sion"])
def test_a_document_from_before_the_portal_asked_anything_keeps_its_digest(name: str) -> None:
    document = json.loads(json.dumps(load(name).to_document()))
    for category in document["categories"]:
        for key in ("customer_name", "customer_description", "fields"):
            category.pop(key, None)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    pack = Pack.from_document(document)
    assert pack.to_document() == document
    assert pack.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert all(each.offered_as == each.name for each in pack.categories)


@pytest.mark.parametrize(
    ("pack", "category", "desk", "priority", "target"),
    [
        ("generasoft", "billing_query", "atencion", "high", "12 business_day_hours"),
        ("generasoft", "general_information", "atencion", "medium", "48 business_day_hours"),
        ("generasoft", "general_query", "atencion", "medium", "2 business_days"),
        ("generasoft", "urgent_problem", "soporte", "high", "3 elapsed_hours"),
        ("generasoft", "feature_question", "soporte", "low", "5 business_days"),
        ("sion", "general_request", "servicio", "normal", "24 business_hours"),
        ("sion", "quality_complaint", "quejas", "high", "24 business_hours"),
    ],
)
def test_binding_first_responses(
    pack: str, category: str, desk: str, priority: str, target: str
) -> None:
    chosen = load(pack).category(category)
    assert (chosen.desk, chosen.priority) == (desk, priority)
    assert chosen.main_commitment is not None
    assert str(chosen.main_commitment.target.term) == target


def test_binding_resolutions() -> None:
    complaint = load("sion").category("quality_complaint").commitment("resolution")
    problem = load("generasoft").category("urgent_problem").commitment("resolution")
    assert complaint is not None
    assert str(complaint.target.term) == "5 business_days"
    assert problem is not None
    assert str(problem.target.term) == "48 business_day_hours"
    assert load("sion").category("quality_complaint").commitment("nothing") is None


def test_reminders_and_escalations_run_on_the_clock_of_their_target() -> None:
    commitment = load("generasoft").category("billing_query").commitment("first_response")
    assert commitment is not None
    assert [str(term) for term in commitment.reminder_terms()] == ["9 business_day_hours"]
    assert [str(term) for term in commitment.escalation_terms()] == [
        "12 business_day_hours",
        "18 business_day_hours",
    ]


def test_names_of_modules_and_statuses_come_from_the_pack() -> None:
    sion = load("sion")
    assert (sion.modules.register_, sion.modules.agenda) == ("ERP SIÓN", "NevIA")
    assert sion.statuses.label("in_progress") == "En proceso"
    assert sion.statuses.label("waiting_area") != load("generasoft").statuses.label("waiting_area")
    with pytest.raises(ValueError, match="nothing"):
        sion.statuses.label("nothing")


def test_desks_are_found_by_address() -> None:
    pack = load("generasoft")
    found = pack.desk_for_address(" Soporte+GS-2026-000001@GENERASOFT.example ")
    assert found is not None
    assert found.key == "soporte"
    assert pack.desk_for_address("ventas@generasoft.example") is None
    assert pack.desk_for_address("") is None


@pytest.mark.parametrize(
    ("desk", "subject", "body", "category"),
    [
        ("atencion", "Factura de noviembre", "Me cobraron dos veces", "billing_query"),
        ("atencion", "FACTURACION", "", "billing_query"),
        ("atencion", "Buenas", "Quisiera saber los planes y precios", "general_information"),
        ("atencion", "Hola", "Buenas tardes", "general_query"),
        ("atencion", "Refacturarían", "", "general_query"),
        ("soporte", "¡URGENTE! El sistema está caído", "no podemos trabajar", "urgent_problem"),
        ("soporte", "¿Cómo puedo exportar?", "", "feature_question"),
        ("soporte", "Hola", "", "support_query"),
    ],
)
def test_classification_by_words(desk: str, subject: str, body: str, category: str) -> None:
    assert load("generasoft").classify(desk, subject, body) == category


def test_what_is_not_there_is_said() -> None:
    pack = load("sion")
    for ask in (pack.category, pack.desk, pack.priority, pack.template, pack.clause):
        with pytest.raises(UnknownKey, match="no tiene ese elemento"):
            ask("nada")
    with pytest.raises(UnknownKey):
        pack.classify("nada", "", "")
    with pytest.raises(UnknownKey):
        pack.calendar_named("nada")


def test_texts_are_filled_once_and_only_with_known_names() -> None:
    pack = load("generasoft")
    values = {
        "nombre": "{folio}", "folio": "GS-1\r\nBcc: a@b.example", "firma": "GS",
        "vence": "martes 29 de diciembre de 2026, 4:00 p. m.", "enlace": "https://x.example",
    }  # fmt: skip
    subject, text = pack.render("ack_billing_query", values)
    assert "\n" not in subject
    assert "Buen día, {folio}:" in text
    assert "4:00 p. m.\n" in text
    with pytest.raises(MissingValue, match="enlace"):
        pack.render("ack_billing_query", {k: v for k, v in values.items() if k != "enlace"})
    with pytest.raises(UnknownPlaceholder, match="otro"):
        fill("{otro}", {"otro": "x"})
    for text in ("{nombre.__class__}", "{0}", "{nombre!r}", "{nombre", "{{nombre}}", "{}"):
        with pytest.raises(BrokenBraces):
            fill(text, {"nombre": "x"})


def test_moments_and_terms_in_words() -> None:
    bogota, mexico = load("generasoft"), load("sion")
    due = bogota.calendar.due(bogota.calendar.next_opening(
        bogota.calendar.due(datetime.fromisoformat("2026-12-28T22:00:00+00:00"), "0 elapsed_hours")),
        "7.5 business_hours")  # fmt: skip
    assert bogota.format_moment(due) == "martes 29 de diciembre de 2026, 4:00 p. m."
    assert mexico.format_moment(due) == "martes 29 de diciembre de 2026, 3:00 p. m."
    with pytest.raises(NaiveMoment):
        bogota.format_moment(due.replace(tzinfo=None))
    term = next(c.target.term for _, c in mexico.commitments() if c.kind is CommitmentKind.ANALYSIS)
    assert mexico.format_term(term) == "2 días hábiles"
    window = mexico.surveys[0].once_per
    assert window.basis is Basis.CALENDAR_DAYS
    assert mexico.format_term(window) == "30 días naturales"
    assert bogota.format_term(window) == "30 días calendario"
    assert mexico.reopening_window("general_request") == mexico.reopening.window


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        ("rank: 1}", "rank: uno}", "priorities[0].rank", "número entero"),
        ("locale: es-CO", "locale: en-US", "locale", "forma debida"),
        ("effective_from: 2026-01-01", "effective_from: ayer", "effective_from", "2026-12-24"),
        ('monday-friday: ["8:30-16:00"]', 'monday-friday: ["16:00-8:30"]',
         "calendars.standard.weekly.monday-friday", "después de empezar"),
        ("window: 10 business_days", "window: 10 dias", "reopening.window", "Bases:"),
        ("amount: 12\n          unit: hours", "amount: 12\n          unit: days",
         "categories[0].commitments[1].target", "se cuenta en minutes o hours"),
        ('text: |-\n      {respuesta}', 'text: |-\n      {respuesta', "templates[6].text", "llaves"),
        ("{number:06}", "{number:06}{x}", "folio.pattern", "solo admite"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_its_remedy(
    old: str, new: str, path: str, says: str
) -> None:
    assert old in GENERASOFT
    text = GENERASOFT.replace(old, new, 1)
    with pytest.raises(PackInvalid) as refused:
        loads(text, file="mia.yaml")
    first = refused.value.problems[0]
    assert first.path == path
    assert says in str(first)
    assert first.line is not None
    if path and new:
        nearby = text.splitlines()[first.line - 1 : first.line + 4]
        assert any(new.splitlines()[-1].strip()[:12] in line for line in nearby)
    assert str(refused.value).count("mia.yaml") == len(refused.value.problems)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("key: [", "YAML"),
        ("key: a\nkey: b\n", "repetida"),
        ("", "mapa de campos"),
        ("- a", "mapa de campos"),
        ("key: &a [*a]", "un texto"),
        (
            "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + "".join(
                f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n"
                for old, new in zip("abcdefgh", "bcdefghi", strict=True)
            ),
            "alias",
        ),
        ("!!python/object:os.system {}", "etiquetas"),
    ],
)
def test_what_is_no_pack_is_refused(text: str, says: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        loads(text)
    assert says in str(refused.value)


def test_packs_are_found_by_name_or_path(tmp_path: Path) -> None:
    own = tmp_path / "propia.yaml"
    own.write_text(GENERASOFT.replace("key: generasoft", "key: propia", 1), "utf-8")
    assert load(own).key == "propia"
    assert load(str(own)).effective_from == date(2026, 1, 1)
    with pytest.raises(PackNotFound, match="generasoft, sion"):
        load("nada")
    with pytest.raises(PackInvalid, match="Es una carpeta"):
        load(tmp_path)
    own.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PackInvalid, match="UTF-8"):
        load(own)
