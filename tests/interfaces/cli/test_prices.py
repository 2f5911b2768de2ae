"""``turnus prices`` and what contracts say about their later prices, as a person at a terminal would use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

EXAMPLE = Path(__file__).parents[3] / "examples" / "index.csv"


def test_index_values_come_from_a_file_and_are_listed_with_their_source(filled: Desk) -> None:
    assert filled("prices", "index", "import", str(EXAMPLE), "--dry-run", "--json").json["saved"] is False
    assert filled("prices", "index", "list", "--json").json == []
    assert filled("prices", "index", "import", str(EXAMPLE), "--json").json["created"] == 5
    assert filled("prices", "index", "import", str(EXAMPLE), "--json").json["unchanged"] == 5
    first, *rest = filled("prices", "index", "list", "BEISPIEL-2020", "--json").json
    assert first == {
        "series": "BEISPIEL-2020", "month": "2025-10-01", "value": "121", "source": "Beispielwert, frei erfunden",
        "corrections": 0,
    }  # fmt: skip
    assert len(rest) == 4
    assert "2025-10" in filled("prices", "index", "list").out


def test_another_value_of_a_month_is_a_correction_or_refused(filled: Desk) -> None:
    filled("prices", "index", "import", str(EXAMPLE))
    other = filled.file("other.csv", "Monat;Wert;Quelle;Reihe\n10/2025;122,0;Berichtigung;BEISPIEL-2020\n")
    refused = filled("prices", "index", "import", other, code=1)
    assert "schon den Wert 121, nicht 122" in refused.out
    filled("prices", "index", "import", other, "--correct")
    first = filled("prices", "index", "list", "--json").json[0]
    assert (first["value"], first["corrections"]) == ("122", 1)


def test_every_error_of_an_index_file_is_told(filled: Desk) -> None:
    text = "Monat;Wert;Quelle\n2025-13;1;x\n2025-01;0;x\n2025-02;1;\n2025-03;1;x\n2025-03;2;x\n"
    told = filled("prices", "index", "import", filled.file("bad.csv", text), "--json", code=1).json
    assert [problem["row"] for problem in told["problems"]] == [2, 3, 4, 6]
    assert told["saved"] is False


def test_a_contract_raises_its_price_and_stops(filled: Desk) -> None:
    said = filled("contract", "raise", "V1", "--percent", "3", "--on", "01.11.2026").out
    assert "01.11.2027" in said
    [licence] = [
        item
        for item in filled("contract", "show", "V1", "--on", "01.11.2027", "--json").json["items"]
        if "LIC" in item["code"]
    ]
    assert licence["price"] == "10.30"
    assert "2 Erhöhungen" not in filled("contract", "raise", "V1", "--stop", "--from", "01.06.2027").out
    assert filled("contract", "raise", "V1", code=2).err
    assert "mindestens -100" in filled("contract", "raise", "V1", "--percent", "-101", code=3).err


def test_a_file_of_contracts_brings_planned_raises(filled: Desk) -> None:
    text = "Vertrag;Kunde;Beginn;Artikelnummer;Erhöhung %;Erhöhung Betrag;Erhöhung alle Monate\n"
    good = text + "V7;K1;01.11.2026;LIC;2,5;;6\n"
    filled("import", "contracts", filled.file("staffel.csv", good))
    rows = filled("contract", "prices", "V7", "--on", "01.11.2026", "--json").json
    assert [(row["since"], row["price"], row["origin"]) for row in rows[:3]] == [
        ("2026-11-01", "10", "catalogue"), ("2027-05-01", "10.25", "planned_raise"),
        ("2027-11-01", "10.51", "planned_raise"),
    ]  # fmt: skip
    assert filled("import", "contracts", filled.file("staffel.csv", good), "--json").json["unchanged"] == 1
    bad = text + "V8;K1;01.11.2026;LIC;2,5;1,00;\nV9;K1;01.11.2026;LIC;;;6\n"
    told = filled("import", "contracts", filled.file("bad.csv", bad), "--json", code=1).json
    assert [problem["code"] for problem in told["problems"]] == ["raise_both", "required"]


def test_a_campaign_from_plan_to_new_prices(filled: Desk) -> None:
    rule = ("--percent", "10", "--from", "01.02.2027", "--on", "02.12.2026", "--notice", "14", "--ground", "AGB § 7")
    dry = filled("prices", "plan", "P1", *rule, "--dry-run", "--json").json
    assert (dry["saved"], dry["sum"]["contracts"], dry["sum"]["consents"]) == (False, 4, 1)
    assert dry["sum"]["left_out"] == {}
    assert filled("prices", "list", "--json").json == []
    said = filled("prices", "plan", "P1", *rule, "--reason", "Höhere Kosten").out
    assert "braucht Zustimmung" in said
    assert "Verträge mit neuem Preis" in said
    assert filled("prices", "plan", "P1", *rule, code=3).err.count("schon geplant") == 1
    assert filled("prices", "apply", "P1", "--json").json["stands"] == {"planned": 4}
    assert filled("prices", "announce", "P1", "--on", "03.12.2026", "--json").json == {"announced": 4}
    assert "Sonderkündigungsrecht" in filled("prices", "letter", "P1", "V1").out
    assert "gilt das nicht als Zustimmung" in filled("prices", "letter", "P1", "V3").out
    assert filled("prices", "apply", "P1", "--json").json["stands"] == {"applied": 3, "silent": 1}
    shown = filled("prices", "show", "P1", "--stand", "silent", "--json").json
    assert [row["contract"] for row in shown["contracts"]] == ["V3"]
    assert "keine Antwort: alter Preis" in filled("prices", "show", "P1").out


def test_consents_come_one_by_one_or_as_a_file(filled: Desk) -> None:
    filled(
        "prices", "plan", "P1", "--amount", "1,00", "--from", "01.02.2027", "--on", "02.01.2020", "--buyer", "person"
    )
    filled("prices", "announce", "P1", "--on", "03.01.2020")
    one = ("prices", "consent", "P1", "V3")
    assert filled(*one, code=2).err
    assert "fehlt der Weg" in filled(*one, "--yes", code=3).err
    answers = "Vertrag;Antwort;Zeitpunkt;Weg;Nachweis\nV3;ja;04.01.2020 14:30;Brief;4711\nV9;nein;04.01.2020;Brief;\n"
    bad = filled("prices", "consent", "P1", "--file", filled.file("antworten.csv", answers), "--json", code=1).json
    assert [problem["code"] for problem in bad["problems"]] == ["unknown_contract"]
    good = filled.file("gut.csv", answers.split("V9", maxsplit=1)[0])
    assert filled("prices", "consent", "P1", "--file", good, "--json").json["created"] == 1
    assert filled("prices", "consent", "P1", "--file", good, "--json").json["unchanged"] == 1
    assert filled(*one, "--no", "--channel", "Portal", "--at", "03.01.2020", "--json").json == {"recorded": True}
    assert filled("prices", "apply", "P1", "--dry-run", "--json").json["contracts"] == 1
    assert "1 Verträge haben neue Preise" in filled("prices", "apply", "P1").out
    last = filled("contract", "prices", "V3", "--on", "01.02.2027", "--json").json[-1]
    assert (last["price"], last["origin"], last["campaign"]) == ("12.9", "campaign", "P1")
    assert (last["answer"], last["channel"], last["text_version"]) == ("consent", "Brief", "standard-1")
    assert last["given_at"].startswith("2020-01-04T13:30")
    assert "Zustimmung 04.01.2020 14:30 Brief (standard-1)" in filled("contract", "prices", "V3").out


def test_everything_that_is_wrong_with_a_campaign_is_told_at_once(filled: Desk) -> None:
    told = filled("prices", "plan", "P1", "--index", "VPI", "--from", "01.02.2027", "--cap", "2", "--floor", "5",
                  "--product", "none", "--buyer", "hund", "--text", "neu", code=3).err  # fmt: skip
    for part in ("--month 2026-10", "liegt über der Grenze", "Das Produkt none", "„hund“", "Den Text neu"):
        assert part in told
    assert filled("prices", "plan", "P1", "--from", "01.02.2027", code=2).err
    assert filled("prices", "plan", "P1", "--percent", "1", "--from", "01.02.2027", "--at", "sometime", code=2).err


def test_a_campaign_is_withdrawn_and_a_letter_of_ones_own_is_checked(filled: Desk) -> None:
    body = filled.file("brief.txt", "Neue Preise: {prices} ab {effective}, Gruß {who}")
    rule = ("--percent", "3", "--from", "01.02.2027", "--text", "eigen-1")
    told = filled("prices", "plan", "P1", *rule, "--letter", f"consent:de:{body}", code=3).err
    assert "unbekannte Lücke „who“" in told
    assert "fehlt der Brief für „clause“" in told
    good = filled.file("gut.txt", "Neue Preise: {prices} ab {effective}")
    filled("prices", "plan", "P1", *rule, "--letter", f"consent:de:{good}", "--letter", f"clause:de:{good}")
    assert "11,30" not in filled("prices", "letter", "P1", "V1").out
    assert "10,30 € (bisher 10,00 €)" in filled("prices", "letter", "P1", "V1").out.replace("\u00a0", " ")
    assert "Zurückgezogen" in filled("prices", "withdraw", "P1", "--reason", "Probe").out
    assert "zurückgezogen" in filled("prices", "apply", "P1", code=3).err


def test_a_contract_says_what_holds_for_its_prices(filled: Desk) -> None:
    filled("contract", "clause", "V2", "--fixed-until", "31.12.2027", "--reason", "Preisgarantie")
    assert "Reihe und Bezugsmonat" in filled("contract", "clause", "V1", "--index", "VPI", code=3).err
    rule = ("--percent", "3", "--from", "01.02.2027", "--kind", "Pro", "--dry-run", "--json")
    assert filled("prices", "plan", "P1", *rule).json["sum"]["left_out"] == {"fixed_price": 1}
