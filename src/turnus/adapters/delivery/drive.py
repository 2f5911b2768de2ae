"""Files into a folder of Google Drive (REST v3) by a service account; a file that is there is not sent again."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from turnus.adapters.delivery.http import LineBrokenError, call, question
from turnus.core.delivery import Receipt, State
from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from turnus.core.delivery import File, Parcel

SCOPE: Final = "https://www.googleapis.com/auth/drive"
GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
KEY: Final = "turnus"
"""Name of the property by which our files are found again."""


@dataclass(frozen=True, slots=True)
class Drive:
    """An account ``[drive.NAME]``."""

    key_file: Path
    """The service account's key as Google gives it out (JSON), in the data folder."""
    folder: str
    """Id of the folder that is shared with the service account."""
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    url: str = "https://www.googleapis.com"
    timeout: int = 60

    def send(self, parcel: Parcel) -> Receipt:
        """Create the files in ``folder``, or the one whose id the recipient is."""
        login = {"Authorization": f"Bearer {self._token(parcel)}"}
        folder, ids = parcel.recipient or self.folder, []
        for file in parcel.files:
            mark = f"{parcel.key}-{file.kind}"
            found = self._found(mark, login)
            if not found:
                created = self._create(file, folder, mark, login)
                if created.state is not State.DELIVERED:
                    return created
                found = created.reference
            ids.append(found)
        return Receipt(State.DELIVERED, ", ".join(file.name for file in parcel.files), ids[0])

    def status(self, reference: str) -> Receipt:
        """Files lie where they were put."""
        return Receipt(State.DELIVERED, "", reference)

    def _token(self, parcel: Parcel) -> str:
        """A token for an hour, for a statement that the account has signed (RFC 7523)."""
        try:
            account = json.loads(self.key_file.read_bytes())
            signed = _signed(account, self.token_url, int(parcel.at.timestamp()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TryLater(f"{self.key_file.name}: {type(error).__name__}") from None  # the file may be mended
        body = urlencode({"grant_type": GRANT, "assertion": signed}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = question("POST", self.token_url, body, headers=headers, timeout=self.timeout)
        token = _object(answer.json()).get("access_token")
        if not token:
            raise TryLater(f"{answer.status} {_object(answer.json()).get('error', '')}: key_file")
        return str(token)

    def _found(self, mark: str, login: dict[str, str]) -> str:
        """Id of the file that an earlier attempt created; empty: there is none."""
        wanted = f"appProperties has {{ key='{KEY}' and value='{mark}' }} and trashed = false"
        asked = urlencode({
            "q": wanted, "fields": "files(id)", "supportsAllDrives": "true", "includeItemsFromAllDrives": "true",
        })  # fmt: skip
        answer = question("GET", f"{self.url}/drive/v3/files?{asked}", headers=login, timeout=self.timeout)
        if answer.status != 200:
            raise (TryLater if answer.status == 401 else Rejected)(answer.told)
        rows = _object(answer.json()).get("files") or []
        return str(rows[0]["id"]) if rows else ""

    def _create(self, file: File, folder: str, mark: str, login: dict[str, str]) -> Receipt:
        about = {"name": file.name, "parents": [folder], "mimeType": file.mime, "appProperties": {KEY: mark}}
        border = f"turnus-{quote(mark)}"
        body = (
            f"--{border}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(about)}\r\n"
            f"--{border}\r\nContent-Type: {file.mime}\r\n\r\n"
        ).encode() + file.content + f"\r\n--{border}--\r\n".encode()  # fmt: skip
        headers = login | {"Content-Type": f"multipart/related; boundary={border}"}
        url = f"{self.url}/upload/drive/v3/files?uploadType=multipart&supportsAllDrives=true&fields=id"
        try:
            answer = call("POST", url, body, headers=headers, timeout=self.timeout)
        except LineBrokenError as error:
            return Receipt(State.UNKNOWN, str(error))
        made = _object(answer.json()).get("id")
        if answer.status == 200 and made:
            return Receipt(State.DELIVERED, "", str(made))
        if 400 <= answer.status < 500:
            raise Rejected(answer.told)
        return Receipt(State.UNKNOWN, answer.told)


def _signed(account: dict[str, Any], audience: str, now: int) -> str:
    """A JSON web token, signed with RS256 (RFC 7515)."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - takes long to load, few need it
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415 - likewise
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - likewise
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - likewise

    claims = {"iss": account["client_email"], "scope": SCOPE, "aud": audience, "iat": now, "exp": now + 3_600}
    head = {"alg": "RS256", "typ": "JWT", "kid": account.get("private_key_id", "")}
    text = ".".join(_coded(json.dumps(part).encode()) for part in (head, claims))
    key = load_pem_private_key(account["private_key"].encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("no RSA key")
    return f"{text}.{_coded(key.sign(text.encode(), PKCS1v15(), hashes.SHA256()))}"


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _object(told: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a server says
    return told if isinstance(told, dict) else {}
