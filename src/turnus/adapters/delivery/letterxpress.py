"""Letters by LetterXpress (LXP API v3): the service prints the PDF, reads the address in its window, and posts it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Final

from turnus.adapters.delivery.http import Answer, LineBrokenError, call, question
from turnus.core.delivery import Parcel, Receipt, State
from turnus.ports import Rejected, TryLater

LIMIT: Final = 50_000_000
"""Bytes of a PDF that the service takes."""
_HEADERS: Final = {"Content-Type": "application/json", "Accept": "application/json"}
_ENDS: Final = {"done": State.SENT, "canceled": State.FAILED}


@dataclass(frozen=True, slots=True)
class LetterXpress:
    """An account ``[post.NAME]``."""

    username: str
    api_key: str = field(repr=False)
    mode: str = "test"
    """``live`` prints and posts; ``test`` only fills the basket."""
    color: bool = False
    duplex: bool = True
    shipping: str = "auto"
    """``national``, ``international`` or by the address."""
    url: str = "https://api.letterxpress.de/v3"
    timeout: int = 60

    def problems(self) -> list[str]:
        """Values that the service does not know."""
        wrong = [] if self.mode in {"test", "live"} else ["mode"]
        return wrong + ([] if self.shipping in {"auto", "national", "international"} else ["shipping"])

    def send(self, parcel: Parcel) -> Receipt:
        """Hand over one letter. The number of the print job is its reference."""
        file = parcel.files[0]
        if len(file.content) > LIMIT:
            raise Rejected("larger than the 50 MB of a letter", "größer als die 50 MB eines Briefes")
        encoded = base64.b64encode(file.content).decode()
        checksum = hashlib.md5(encoded.encode(), usedforsecurity=False).hexdigest()  # as the interface wants it
        letter = {
            "base64_file": encoded, "base64_file_checksum": checksum, "filename_original": file.name,
            "notice": parcel.key, "specification": {
                "color": "4" if self.color else "1", "mode": "duplex" if self.duplex else "simplex",
                "shipping": self.shipping,
            },
        }  # fmt: skip
        try:
            answer = call(
                "POST", f"{self.url}/printjobs", self._body(letter=letter), headers=_HEADERS, timeout=self.timeout
            )
        except LineBrokenError as error:
            return Receipt(State.UNKNOWN, str(error))
        job = str(_data(answer).get("id", ""))
        if answer.status in {200, 201} and job:
            return Receipt(State.SENT, _told(answer), job)
        if 400 <= answer.status < 500:
            raise Rejected(_told(answer))
        return Receipt(State.UNKNOWN, _told(answer))

    def status(self, reference: str) -> Receipt:
        """What became of a print job; ``tracking_status`` of registered letters tells when it arrived."""
        answer = question(
            "GET", f"{self.url}/printjobs/{reference}", self._body(), headers=_HEADERS, timeout=self.timeout
        )
        if answer.status != 200:
            raise TryLater(_told(answer))
        data = _data(answer)
        items = data.get("items")
        first = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        tracking = str(first.get("tracking_status") or "")
        if tracking.startswith("Zugestellt"):
            return Receipt(State.DELIVERED, tracking, reference)
        return Receipt(_ENDS.get(str(data.get("status")), State.SENT), f"{data.get('status')} {tracking}".strip())

    def _body(self, **more: object) -> bytes:
        auth = {"username": self.username, "apikey": self.api_key, "mode": self.mode}
        return json.dumps({"auth": auth, **more}).encode()


def _data(answer: Answer) -> dict[str, Any]:
    told = answer.json()
    data = told.get("data") if isinstance(told, dict) else None
    return data if isinstance(data, dict) else {}


def _told(answer: Answer) -> str:
    """Status and message, without the letter that a service might repeat."""
    told = answer.json()
    message = told.get("message", "") if isinstance(told, dict) else ""
    return f"{answer.status} {message} {_data(answer).get('status', '')}".strip()
