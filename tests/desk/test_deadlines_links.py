"""The mails of the desk lead to pages that exist."""

from django.urls import reverse

from ventanilla.desk.warning import CASE_PATH


def test_a_warning_leads_to_the_page_of_the_case() -> None:
    folio = "GS-2026-000417-K"
    assert reverse("case", kwargs={"folio": folio}) == CASE_PATH.format(folio=folio)
