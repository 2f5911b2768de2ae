"""Print service, access point, bucket and accounts, each against a server that speaks their published interface."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pikepdf import Pdf

from tests.adapters.delivery.conftest import PDF, XML, parcel
from tests.adapters.delivery.web import Asked, Partner, Reply, serving
from turnus.adapters.delivery import Accounts
from turnus.adapters.delivery.folder import Folder
from turnus.adapters.delivery.letterxpress import LetterXpress
from turnus.adapters.delivery.peppol import Recommand
from turnus.adapters.delivery.print_file import PrintFile
from turnus.adapters.delivery.s3 import S3
from turnus.core.delivery import File, State
from turnus.ports import AccessPoint, Rejected, TryLater

SECRET = "geheim"
BROKEN = ["drop", "hang", "500", "502"]
KNOWN = "0204:991-01234-44"


# ---- post: LetterXpress, LXP API v3 ----------------------------------------------------------------------------------


def print_service(asked: Asked) -> Reply:
    """``POST /printjobs`` and ``GET /printjobs/ID``, login in the body of each."""
    if asked.json["auth"] != {"username": "haus", "apikey": "geheim", "mode": "live"}:
        return 401, {"message": "Unauthorized."}
    if asked.method == "POST":
        return 200, {"status": 200, "message": "OK", "data": {"id": 6035143, "status": "queue", "items": []}}
    items = [{"address": "Kunde", "status": "sent", "tracking_status": "Zugestellt: 24.11.2026"}]
    return 200, {"status": 200, "message": "OK", "data": {"id": 6035143, "status": "done", "items": items}}


@pytest.fixture
def printer() -> Iterator[Partner]:
    with serving(print_service) as partner:
        yield partner


def letters(partner: Partner, key: str = "geheim") -> LetterXpress:
    return LetterXpress("haus", key, "live", url=f"{partner.url}/v3", timeout=1)


def test_jb_101_a_letter_is_handed_to_the_print_service_as_its_interface_says(printer: Partner) -> None:
    receipt = letters(printer).send(parcel())
    assert receipt == (receipt.__class__)(State.SENT, "200 OK queue", "6035143")
    asked = printer.asked[0]
    letter = asked.json["letter"]
    assert (asked.method, asked.path, asked.headers["Content-Type"]) == ("POST", "/v3/printjobs", "application/json")
    assert base64.b64decode(letter["base64_file"]) == PDF.content
    assert letter["base64_file_checksum"] == hashlib.md5(letter["base64_file"].encode()).hexdigest()  # noqa: S324
    assert letter["specification"] == {"color": "1", "mode": "duplex", "shipping": "auto"}
    assert (letter["filename_original"], letter["notice"]) == ("Rechnung_RE-1.pdf", "turnus-1-7")
    assert letters(printer).status("6035143").state is State.DELIVERED


@pytest.mark.parametrize("fault", BROKEN)
def test_f_07_a_print_service_that_broke_off_leaves_it_unknown(printer: Partner, fault: str) -> None:
    printer.fail("printjobs", fault)
    assert letters(printer).send(parcel()).state is State.UNKNOWN
    assert len(printer.asked) == 1


def test_f_07_a_print_service_that_took_nothing_leaves_no_doubt(printer: Partner) -> None:
    for fault in ("429", "503"):
        printer.fail("printjobs", fault)
        with pytest.raises(TryLater, match=fault):
            letters(printer).send(parcel())
    printer.fail("printjobs", "422")
    with pytest.raises(Rejected, match="422 fault"):
        letters(printer).send(parcel())
    with pytest.raises(Rejected, match="401 Unauthorized"):
        letters(printer, "falsch").send(parcel())
    with pytest.raises(TryLater, match="refused"):
        LetterXpress("haus", "geheim", url="http://127.0.0.1:1", timeout=1).send(parcel())
    with pytest.raises(Rejected, match="50 MB"):
        letters(printer).send(parcel(File("r.pdf", "application/pdf", bytes(50_000_001), "pdf")))
    printer.fail("printjobs", "500")
    with pytest.raises(TryLater):
        letters(printer).status("6035143")


# ---- Peppol: Recommand, API v1 ---------------------------------------------------------------------------------------


def access_point(asked: Asked) -> Reply:
    """``/verify``, ``/COMPANY/send``, ``/documents/ID``, ``/inbox``, login by key and secret."""
    if asked.headers["Authorization"] != f"Basic {base64.b64encode(b'key:geheim').decode()}":
        return 401, {"success": False, "errors": {"root": ["Unauthorized"]}}
    path = asked.path.removeprefix("/api/v1")
    if path == "/verify":
        return 200, {"success": True, "isValid": asked.json["peppolAddress"] == KNOWN}
    if path == "/c_1/send":
        return 200, {
            "success": True,
            "sentOverPeppol": True,
            "companyId": "c_1",
            "id": "doc_1",
            "peppolMessageId": "m@ap",
        }
    if path.startswith("/documents/"):
        document = {"id": "doc_1", "peppolMessageId": "m@ap", "receivedPeppolSignalMessage": "<Signal/>", "xml": "<I/>"}
        return 200, {"success": True, "document": document}
    assert path == "/inbox?companyId=c_1"
    return 200, {"success": True, "documents": [{"id": "doc_9", "senderId": "9930:DE1"}]}


@pytest.fixture
def point() -> Iterator[Partner]:
    with serving(access_point) as partner:
        yield partner


def peppol(partner: Partner, secret: str = SECRET) -> Recommand:
    return Recommand("c_1", "key", secret, url=f"{partner.url}/api/v1", timeout=1)


def test_jb_105_the_archived_xml_leaves_over_peppol_byte_by_byte(point: Partner) -> None:
    receipt = peppol(point).send(parcel(PDF, XML, recipient=KNOWN))
    assert (receipt.state, receipt.protocol, receipt.reference) == (State.SENT, "200 m@ap", "doc_1")
    sent = point.asked[-1].json
    assert sent == {"recipient": KNOWN, "documentType": "xml", "document": XML.content.decode()}
    told = peppol(point).status("doc_1")
    assert (told.state, told.protocol) == (State.DELIVERED, "m@ap")


def test_jb_106_what_arrives_over_peppol_is_fetched_as_it_came(point: Partner) -> None:
    port: AccessPoint = peppol(point)
    assert [(one.reference, one.sender, one.content) for one in port.inbound()] == [("doc_9", "9930:DE1", b"<I/>")]


@pytest.mark.parametrize("fault", BROKEN)
def test_f_07_an_access_point_that_broke_off_leaves_it_unknown(point: Partner, fault: str) -> None:
    point.fail("/send", fault)
    assert peppol(point).send(parcel(XML, recipient=KNOWN)).state is State.UNKNOWN


@pytest.mark.parametrize("fault", ["drop", "hang", "500", "503"])
def test_f_07_a_question_that_is_not_answered_sends_nothing(point: Partner, fault: str) -> None:
    point.fail("/verify", fault)
    with pytest.raises(TryLater):
        peppol(point).send(parcel(XML, recipient=KNOWN))
    assert [asked.path for asked in point.asked] == ["/api/v1/verify"]


@pytest.mark.parametrize("answer", [[], {"success": True}, {"isValid": "maybe"}])
def test_f_07_an_answer_that_says_neither_is_asked_again_and_sends_nothing(answer: object) -> None:
    with serving(lambda _asked: (200, answer)) as partner:
        with pytest.raises(TryLater, match="200"):
            peppol(partner).send(parcel(XML, recipient=KNOWN))
        assert [asked.path for asked in partner.asked] == ["/api/v1/verify"]


def test_jb_105_who_is_not_on_the_network_or_has_no_ubl_gets_nothing(point: Partner) -> None:
    with pytest.raises(Rejected, match="not reachable"):
        peppol(point).send(parcel(XML, recipient="0204:991-99999-99"))
    with pytest.raises(Rejected, match="UBL"):
        peppol(point).send(parcel(PDF, recipient=KNOWN))
    with pytest.raises(Rejected, match="401"):
        peppol(point, "falsch").send(parcel(XML, recipient=KNOWN))
    point.fail("/send", "422")
    with pytest.raises(Rejected, match="422"):
        peppol(point).send(parcel(XML, recipient=KNOWN))


# ---- a bucket --------------------------------------------------------------------------------------------------------


def client_of(made: S3) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": SECRET}
    return boto3.client("s3", endpoint_url=made.endpoint, region_name="eu-central-1", **keys)


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    made = S3("rechnungen", "key", "geheim", "kunden/", f"http://{host}:{port}", timeout=5)
    client = client_of(made)
    client.create_bucket(Bucket="rechnungen", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield made
    server.stop()


def test_jb_109_files_lie_in_the_bucket_and_twice_is_once(bucket: S3) -> None:
    receipt = bucket.send(parcel(PDF, XML, recipient="K1"))
    assert bucket.send(parcel(PDF, XML, recipient="K1")) == receipt
    assert receipt.state is State.DELIVERED
    assert receipt.reference == "s3://rechnungen/kunden/K1/Rechnung_RE-1.pdf"
    client = client_of(bucket)
    rows = client.list_objects_v2(Bucket="rechnungen")["Contents"]
    found = {row["Key"]: client.get_object(Bucket="rechnungen", Key=row["Key"])["Body"].read() for row in rows}
    assert found == {"kunden/K1/Rechnung_RE-1.pdf": PDF.content, "kunden/K1/Rechnung_RE-1.xml": XML.content}


def test_jb_109_a_bucket_that_is_not_there_is_refused_and_a_store_that_is_down_tried_later(bucket: S3) -> None:
    with pytest.raises(Rejected, match="404 NoSuchBucket"):
        S3("andere", "key", "geheim", endpoint=bucket.endpoint, timeout=5).send(parcel())
    with pytest.raises(TryLater, match="EndpointConnectionError"):
        S3("rechnungen", "key", "geheim", endpoint="http://127.0.0.1:1", timeout=1).send(parcel())


@pytest.mark.parametrize(
    ("fault", "error"), [("500", TryLater), ("503", TryLater), ("drop", TryLater), ("403", Rejected)]
)
def test_f_07_a_store_that_fails_says_so(fault: str, error: type[Exception]) -> None:
    with serving(lambda _asked: (200, b"")) as partner:
        partner.fail("/", fault)
        with pytest.raises(error):
            S3("rechnungen", "key", "geheim", endpoint=partner.url, timeout=1).send(parcel())


# ---- folders and the file of accounts --------------------------------------------------------------------------------


def test_jb_110_a_folder_never_shows_half_a_file_and_nothing_lies_outside(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "aus")
    folder.send(parcel(PDF, XML, recipient="K1/2026"))
    folder.send(parcel(PDF, XML, recipient="K1/2026"))
    assert {path.name for path in (tmp_path / "aus/K1/2026").iterdir()} == {"Rechnung_RE-1.pdf", "Rechnung_RE-1.xml"}
    other = File(PDF.name, PDF.mime, b"%PDF of another company", "pdf")
    with pytest.raises(Rejected, match="another document"):
        folder.send(parcel(other, recipient="K1/2026"))
    assert (tmp_path / "aus/K1/2026/Rechnung_RE-1.pdf").read_bytes() == PDF.content
    for outside in ("..", "../x", "/etc", "K1/../../x"):
        with pytest.raises(Rejected, match="outside"):
            folder.send(parcel(recipient=outside))
    (tmp_path / "voll").write_text("a file, no folder")
    with pytest.raises(TryLater):
        Folder(tmp_path / "voll").send(parcel(recipient="K1"))


def test_jb_101_a_print_file_tells_the_print_shop_all_it_needs(tmp_path: Path) -> None:
    content = BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.add_blank_page()
        pdf.save(content)
    letter = File("Rechnung_RE-1.pdf", "application/pdf", content.getvalue(), "pdf")
    shop = PrintFile(tmp_path / "print")
    assert shop.send(parcel(letter)) == shop.send(parcel(letter))
    name = "turnus-1-7_Rechnung_RE-1"
    assert {path.name for path in (tmp_path / "print").iterdir()} == {f"{name}.pdf", f"{name}.json"}
    assert json.loads((tmp_path / "print" / f"{name}.json").read_text(encoding="utf-8")) == {
        "file": f"{name}.pdf", "sha256": hashlib.sha256(letter.content).hexdigest(), "pages": 2, "number": "RE-1",
        "address": ["Kunde K1", "Weg 1", "04109 Leipzig"], "color": False, "duplex": True,
    }  # fmt: skip
    with pytest.raises(Rejected, match="no PDF"):
        shop.send(parcel())
    (tmp_path / "voll").write_text("a file, no folder")
    with pytest.raises(TryLater):
        PrintFile(tmp_path / "voll").send(parcel(letter))


def test_accounts_are_read_with_their_secrets_and_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path, {"LXP": "geheim"})
    path = tmp_path / "delivery.toml"
    with pytest.raises(Rejected, match=r"no table \[email.main\]"):
        accounts.carrier("email", "main")
    assert accounts.carrier("folder", "main") == Folder(tmp_path / "outgoing")
    path.write_text('[post.main]\nusername = "haus"\napi_key = { env = "LXP" }\nduplex = false\n', encoding="utf-8")
    assert accounts.carrier("post", "main") == LetterXpress("haus", "geheim", duplex=False)
    assert "geheim" not in repr(accounts.carrier("post", "main"))
    path.write_text('[post.main]\nusername = 7\napi_key = { env = "NO" }\nfarbe = true\n', encoding="utf-8")
    with pytest.raises(Rejected, match=r"\[post.main\]: missing or wrong: farbe\?, username, api_key$"):
        accounts.carrier("post", "main")
    path.write_text('[post.main]\nusername = "haus"\napi_key = "x"\nmode = "echt"\n', encoding="utf-8")
    with pytest.raises(Rejected, match=r": mode$"):
        accounts.carrier("post", "main")
    path.write_text('[email.main]\nhost = "h"\nsender = "s"\npassword = geheim\n', encoding="utf-8")
    with pytest.raises(Rejected, match="cannot be read") as refused:
        accounts.carrier("email", "main")
    assert "geheim" not in str(refused.value)


def test_a_secret_never_leaves_over_an_open_line() -> None:
    with pytest.raises(Rejected, match="https"):
        LetterXpress("haus", "geheim", url="http://partner.example").send(parcel())
