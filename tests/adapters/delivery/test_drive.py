"""Google Drive (JB-108) against a server that speaks REST v3: a signed login, a search, an upload."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.adapters.delivery.conftest import PDF, XML, parcel
from tests.adapters.delivery.web import Asked, Partner, Reply, serving
from turnus.adapters.delivery.drive import Drive
from turnus.core.delivery import State
from turnus.ports import Rejected, TryLater


class Cloud:
    """Checks the signature of a login, keeps what is uploaded, finds it by its property."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self.key = key.public_key()
        self.files: dict[str, tuple[dict[str, Any], bytes]] = {}

    def __call__(self, asked: Asked) -> Reply:
        parts = urlsplit(asked.path)
        if parts.path == "/token":
            return 200, {"access_token": self.token(asked.body), "expires_in": 3599}
        if asked.headers.get("Authorization") != "Bearer t0ken":
            return 401, {"error": {"message": "Invalid Credentials"}}
        query = parse_qs(parts.query)
        if parts.path == "/drive/v3/files":
            marks = [
                row for row in self.files if f"value='{self.files[row][0]['appProperties']['turnus']}'" in query["q"][0]
            ]
            return 200, {"files": [{"id": row} for row in marks]}
        assert (parts.path, query["uploadType"]) == ("/upload/drive/v3/files", ["multipart"])
        head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
        sent = [part.get_payload(decode=True) for part in BytesParser().parsebytes(head + asked.body).walk()]
        _whole, about, content = sent
        assert isinstance(about, bytes)
        assert isinstance(content, bytes)
        number = f"file{len(self.files) + 1}"
        self.files[number] = json.loads(about), content
        return 200, {"id": number}

    def token(self, body: bytes) -> str:
        form = parse_qs(body.decode())
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        head, claims, signature = form["assertion"][0].split(".")
        self.key.verify(decoded(signature), f"{head}.{claims}".encode(), PKCS1v15(), hashes.SHA256())
        told = json.loads(decoded(claims))
        assert (told["iss"], told["exp"] - told["iat"]) == ("turnus@projekt.example", 3_600)
        assert told["scope"] == "https://www.googleapis.com/auth/drive"
        return "t0ken"


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture
def cloud(key: RSAPrivateKey) -> Cloud:
    return Cloud(key)


@pytest.fixture
def partner(cloud: Cloud) -> Iterator[Partner]:
    with serving(cloud) as made:
        yield made


@pytest.fixture
def account(partner: Partner, key: RSAPrivateKey, tmp_path: Path) -> Drive:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    path = tmp_path / "drive.json"
    path.write_text(json.dumps({"client_email": "turnus@projekt.example", "private_key_id": "1", "private_key": pem}))
    return Drive(path, "folder1", f"{partner.url}/token", partner.url, 1)


def test_jb_108_files_lie_in_the_folder_and_twice_is_once(cloud: Cloud, account: Drive) -> None:
    receipt = account.send(parcel(PDF, XML, recipient=""))
    assert (receipt.state, receipt.reference) == (State.DELIVERED, "file1")
    assert account.send(parcel(PDF, XML, recipient="")) == receipt
    assert [(about["name"], about["parents"], content) for about, content in cloud.files.values()] == [
        ("Rechnung_RE-1.pdf", ["folder1"], PDF.content), ("Rechnung_RE-1.xml", ["folder1"], XML.content),
    ]  # fmt: skip


@pytest.mark.parametrize("fault", ["drop", "hang", "500"])
def test_f_07_an_upload_that_broke_off_is_unknown_and_sentagain_once_approved(
    cloud: Cloud, partner: Partner, account: Drive, fault: str
) -> None:
    partner.fail("/upload", fault)
    assert account.send(parcel(recipient="")).state is State.UNKNOWN
    assert account.send(parcel(recipient="")).state is State.DELIVERED
    assert len(cloud.files) == 1


@pytest.mark.parametrize("path", ["/token", "/drive/v3/files"])
@pytest.mark.parametrize("fault", ["drop", "503"])
def test_f_07_a_drive_that_does_not_answer_has_taken_nothing(
    cloud: Cloud, partner: Partner, account: Drive, path: str, fault: str
) -> None:
    partner.fail(path, fault)
    with pytest.raises(TryLater):
        account.send(parcel(recipient=""))
    assert cloud.files == {}


def test_a_full_drive_and_a_wrong_key_are_told(partner: Partner, account: Drive) -> None:
    partner.fail("/upload", "403")
    with pytest.raises(Rejected, match="403"):
        account.send(parcel(recipient=""))
    partner.fail("/token", "400")
    with pytest.raises(TryLater, match="400"):
        account.send(parcel(recipient=""))
    account.key_file.write_text('{"client_email": "x", "private_key": "geheim"}')
    with pytest.raises(TryLater, match=r"drive.json: \w+Error$"):
        account.send(parcel(recipient=""))
