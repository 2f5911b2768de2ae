"""The whole story at the command line: contracts in, issued invoices out, and what comes after."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import CONTRACTS, CUSTOMERS, PRODUCTS, SELLER, USAGE, Desk

pytestmark = pytest.mark.database

RUN = ("--through", "01.12.2026", "--on", "22.11.2026")
NET = {"V1": 2 * 2_700 + 4_666, "V2": 2 * 5_000, "V3": 1_000}
"""November and December in advance, usage of November; in cents."""


def test_from_files_to_paid_and_cancelled_invoices(desk: Desk) -> None:
    assert "eingerichtet" in desk(*SELLER).out
    for kind, text in {"customers": CUSTOMERS, "products": PRODUCTS, "contracts": CONTRACTS, "usage": USAGE}.items():
        assert "Gespeichert." in desk("import", kind, desk.file(f"{kind}.csv", text)).out

    preview = desk("run", "preview", *RUN, "--json", code=1).json
    assert preview["run"] is None
    [documents] = preview["documents"]
    assert (documents["documents"], documents["net"]) == (3, sum(NET.values()))
    [parked] = preview["parked"]
    assert (parked["customer"], parked["contract"], parked["code"]) == ("K4", "V4", "vat_id_unchecked")
    assert desk("invoice", "list", "--json").json["count"] == 0, "a preview saves nothing"

    drafted = desk("run", "draft", *RUN, "--json", code=1).json
    assert {key: drafted[key] for key in ("documents", "taxes")} == {
        key: preview[key] for key in ("documents", "taxes")
    }
    issued = desk("run", "issue", "--json", code=1).json
    assert issued["run"]["state"] == "done"
    assert issued["documents"] == preview["documents"]

    rows = desk("invoice", "list", "--on", "22.11.2026", "--json").json["invoices"]
    assert [row["number"] for row in rows] == [f"RE-2026-00000{n}" for n in (3, 2, 1)]
    assert [row["status"] for row in rows] == ["open"] * 3

    shown = desk("invoice", "show", "RE-2026-000001", "--on", "22.11.2026").out
    for text in (
        "Müller AG",
        "01.11.2026–30.11.2026",
        "Treue: -3,00\u00a0€",
        "119,79\u00a0€",
        "Offen",
        "festgeschrieben",
    ):
        assert text in shown
    desk("invoice", "pdf", "RE-2026-000001", "--to", str(desk.home / "pdf"))
    assert (desk.home / "pdf" / "Rechnung_RE-2026-000001.pdf").read_bytes().startswith(b"%PDF-")

    desk("payment", "record", "K1", "--amount", "119,79", "--invoice", "RE-2026-000001", "--on", "25.11.2026")
    assert desk("invoice", "show", "RE-2026-000001", "--json").json["status"] == "paid"
    again = desk("payment", "record", "K1", "--amount", "119,79", "--invoice", "RE-2026-000001", "--on", "25.11.2026")
    assert "schon gebucht" in again.out
    assert desk("customer", "account", "K1", "--json").json["balance"] == {"EUR": 0}

    reason = ("--reason", "Falscher Empfänger", "--on", "26.11.2026")
    cancelled = desk("invoice", "cancel", "RE-2026-000003", *reason, "--json").json
    assert (cancelled["document"]["number"], cancelled["original"]["status"]) == ("SR-2026-000001", "cancelled")
    credited = desk("invoice", "credit", "RE-2026-000002", "--amount", "12,34", "--line", "1", *reason, "--json").json
    assert (credited["document"]["gross"], credited["original"]["open"]) == (-1_234, 10_000 - 1_234)

    second = desk("run", "issue", "--through", "01.12.2026", "--on", "27.11.2026", "--json", code=1).json
    assert [(row["documents"], row["net"]) for row in second["documents"]] == [(1, NET["V3"])], (
        "the cancelled period only"
    )
    third = desk("run", "issue", "--through", "01.12.2026", "--on", "27.11.2026", "--json", code=1).json
    assert third["documents"] == []
    assert all(row["ok"] for row in desk("doctor", "--json").json["findings"])


def test_a_parked_contract_is_billed_once_its_cause_is_mended(filled: Desk) -> None:
    filled("run", "issue", *RUN, code=1)
    filled("customer", "vat-check", "K4", "--valid", "--checked", "20.11.2026", "--reference", "X1")
    resumed = filled("run", "resume", "--json").json
    assert (resumed["run"]["state"], resumed["parked"]) == ("done", [])
    rows = filled("invoice", "list", "--customer", "K4", "--json").json["invoices"]
    assert [(row["number"], row["gross"]) for row in rows] == [("RE-2026-000004", 4_000)]


def test_drafting_again_refreshes_and_never_doubles(filled: Desk) -> None:
    first = filled("run", "draft", *RUN, "--json", code=1).json
    filled("contract", "change", "V2", "LIC", "--from", "01.12.2026", "--quantity", "6", "--reason", "Aufstockung")
    second = filled("run", "draft", *RUN, "--json", code=1).json
    assert second["run"]["id"] == first["run"]["id"]
    assert second["documents"][0]["documents"] == 3
    assert second["documents"][0]["net"] == first["documents"][0]["net"] + 1_000


def test_a_run_may_cover_one_customer_kind_or_cycle(filled: Desk) -> None:
    assert filled("run", "draft", *RUN, "--customer", "K1", "--json").json["contracts"] == 1
    assert filled("run", "draft", *RUN, "--kind", "Heim", "--json").json["contracts"] == 1
    assert filled("run", "draft", *RUN, "--cycle", "jährlich", "--json").json["contracts"] == 0
    whole = filled("run", "issue", *RUN, "--definition", "standard", "--json", code=1).json
    assert whole["documents"][0]["documents"] == 3, "the drafts of the scoped runs are taken over, not doubled"


def test_a_run_goes_as_far_as_its_automation_says(filled: Desk) -> None:
    straight = filled("run", "draft", *RUN, "--automation", "issue", "--json", code=1).json
    assert straight["run"]["state"] == "done"
    assert (
        filled("run", "status", str(straight["run"]["id"]), "--json", code=1).json["documents"] == straight["documents"]
    )


def test_a_run_far_off_the_last_waits_for_a_person(filled: Desk) -> None:
    filled("run", "issue", "--through", "01.11.2026", "--on", "01.11.2026", code=1)
    filled("contract", "change", "V2", "LIC", "--from", "01.12.2026", "--quantity", "500")
    held = filled("run", "draft", "--through", "01.12.2026", "--on", "01.12.2026", code=1)
    assert "wartet auf Freigabe" in held.out
    assert "weicht um mehr als 30 % vom vorigen Lauf ab" in held.out
    assert "wartet auf eine Freigabe" in filled("run", "issue", code=3).err
    assert "--reason" in filled("run", "approve", code=3).err
    filled("run", "approve", "--reason", "Großkunde")
    assert filled("run", "issue", "--json", code=1).json["run"]["state"] == "done"


def test_a_withdrawn_run_leaves_drafts_and_no_numbers(filled: Desk) -> None:
    filled("run", "draft", *RUN, code=1)
    assert "Entwürfe ohne Nummer" in filled("run", "withdraw", "--reason", "Preisfehler").out
    rows = filled("invoice", "list", "--json").json["invoices"]
    assert {row["state"] for row in rows} == {"draft"}
    assert "keinen offenen Lauf" in filled("run", "withdraw", "--reason", "noch einmal", code=3).err


def test_a_scheduled_run_is_caught_up_by_the_worker(filled: Desk) -> None:
    filled(
        "run", "define", "monatlich", "--cycle", "monatlich", "--every", "monatlich", "--first", "01.11.2026",
        "--automation", "send",
    )  # fmt: skip
    done = filled("work", "--on", "01.12.2026", "--json", code=1).json
    assert done["sent"]["failed"] == 2, "two customers have no channel: a person is asked"
    assert len(done["runs"]) == 2, "the missed November, then December"
    rows = filled("invoice", "list", "--json").json["invoices"]
    states = [(row["run"], row["state"]) for row in rows]
    held = [(done["runs"][1], "released")] * 3
    assert states == held + [(done["runs"][0], "issued")] * 2, "December is far off November and waits for a person"
    assert (done["rendered"], done["waiting"]) == (2, {"invoice.send": 2})
    assert filled("work", "--on", "01.12.2026", "--json", code=1).json["runs"] == []


def test_an_invoice_by_hand_from_draft_to_number(filled: Desk) -> None:
    line = "LIC:2:15,00:01.12.2026:31.12.2026:Sonderlizenz"
    draft = filled("invoice", "new", "K1", "--line", line, "--on", "22.11.2026", "--json").json
    assert (draft["number"], draft["gross"]) == ("", 3_570)
    number = str(draft["id"])
    edited = filled(
        "invoice", "lines", number, "--set", f"1={line.replace(':2:', ':3:')}", "--add", line, "--json"
    ).json
    assert edited["net"] == 7_500
    assert filled("invoice", "lines", number, "--remove", "2", "--json").json["net"] == 4_500
    assert filled("invoice", "issue", number, "--json").json["number"] == "RE-2026-000001"
    assert "Nur von Hand geschriebene Entwürfe" in filled("invoice", "lines", number, "--add", line, code=3).err
    assert "Nur von Hand" in filled("invoice", "discard", "RE-2026-000001", code=3).err


def test_a_period_billed_by_hand_is_not_billed_again(filled: Desk) -> None:
    period = ("--item", "LIC", "--from", "01.12.2026", "--to", "31.12.2026")
    billed = filled("invoice", "bill", "V2", *period, "--amount", "40,00", "--on", "22.11.2026", "--json").json
    assert billed["number"] == "RE-2026-000001"
    assert "schon berechnet" in filled("invoice", "bill", "V2", *period, "--on", "22.11.2026", code=3).err
    filled("run", "issue", *RUN, code=1)
    [row, *_] = filled("invoice", "list", "--customer", "K2", "--json").json["invoices"]
    assert row["net"] == 5_000, "November only"


def test_the_billing_plan_equals_the_later_invoice(filled: Desk) -> None:
    plan = filled("contract", "plan", "V2", "--from", "01.11.2026", "--months", "2", "--json").json
    assert [(row["due_on"], row["net"], row["tax"], row["gross"]) for row in plan["documents"]] == [
        ("2026-11-01", 5_000, 0, 5_000), ("2026-12-01", 5_000, 0, 5_000),
    ]  # fmt: skip
    filled("run", "issue", *RUN, code=1)
    [row] = filled("invoice", "list", "--customer", "K2", "--json").json["invoices"]
    assert row["net"] == sum(planned["net"] for planned in plan["documents"])
    assert "Abrechnungsplan V2" in filled("contract", "plan", "V2", "--from", "01.11.2026").out


def test_the_billing_plan_says_when_a_one_off_is_delivered(filled: Desk) -> None:
    filled("product", "new", "SETUP", "name=Einrichtung", "model=one_off", "price=49,00", "valid_from=01.01.2026")
    filled("contract", "new", "V8", "--customer", "K2", "--start", "20.11.2026", "--item", "SETUP")
    [row] = [row for row in filled("contract", "plan", "V8", "--from", "01.11.2026").out.splitlines() if "Einri" in row]
    assert row.split()[:3] == ["20.11.2026", "Einrichtung", "20.11.2026"]


def test_a_contract_is_concluded_changed_and_ended(filled: Desk) -> None:
    new = (
        "contract",
        "new",
        "V9",
        "--customer",
        "K1",
        "--start",
        "01.11.2026",
        "--item",
        "LIC:2",
        "--item",
        "ABO:1:9,90",
    )
    assert "geschlossen" in filled(*new).out
    assert "genau so schon da" in filled(*new).out
    filled(
        "contract",
        "discount",
        "V9",
        "--label",
        "Start",
        "--percent",
        "50",
        "--from",
        "01.11.2026",
        "--until",
        "30.11.2026",
    )
    filled("contract", "end", "V9", "--item", "2-ABO", "--last-day", "30.11.2026")
    filled("contract", "payer", "V9", "--customer", "K3", "--from", "01.12.2026")
    filled("contract", "end", "V9", "--last-day", "31.12.2026")
    shown = filled("contract", "show", "V9", "--on", "01.12.2026").out
    for text in ("Müller AG", "31.12.2026", "beendet", "50 %", "30.11.2026"):
        assert text in shown
    filled("contract", "end", "V9", "--revoke")
    assert filled("contract", "show", "V9", "--json").json["line"]["end"] is None


def test_a_trial_is_converted_or_cancelled(filled: Desk) -> None:
    for number, customer in (("T1", "K1"), ("T2", "K3")):
        new = ("contract", "new", number, "--customer", customer, "--start", "01.11.2026", "--item", "LIC:1")
        filled(*new, "--trial-days", "30")
    filled("contract", "trial", "T1", "--paid-from", "15.11.2026")
    assert filled("contract", "show", "T1", "--json").json["line"]["start"] == "2026-11-15"
    filled("contract", "trial", "T1", "--paid-from", "20.11.2026")
    assert filled("contract", "show", "T1", "--json").json["line"]["start"] == "2026-11-20"
    filled("contract", "new", "T3", "--customer", "K2", "--start", "01.11.2026", "--item", "LIC:1")
    assert "hat keine Testphase" in filled("contract", "trial", "T3", "--paid-from", "20.11.2026", code=3).err
    filled("contract", "trial", "T2", "--cancel", "--at", "2026-11-20T12:00")
    assert "nichts wird berechnet" not in filled("contract", "show", "T2").out
    assert filled("contract", "plan", "T2", "--from", "01.11.2026", "--json").json["documents"] == []
    assert "gilt. Beenden" in filled("contract", "trial", "T1", "--cancel", "--at", "2026-12-20T12:00", code=3).err


def test_customers_are_found_and_shown(filled: Desk) -> None:
    assert [row["number"] for row in filled("customer", "list", "--search", "mueller", "--json").json["customers"]] == [
        "K1"
    ]
    shown = filled("customer", "show", "K2").out
    assert "Alpen GmbH" in shown
    assert "ATU12345678" in shown
    assert "gibt es nicht" in filled("customer", "show", "K99", code=3).err
