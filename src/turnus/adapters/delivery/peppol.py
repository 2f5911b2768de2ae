"""Peppol through a provider's access point: can the recipient be reached, hand over, ask for the receipt."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from turnus.adapters.delivery.http import Answer, LineBrokenError, call, question
from turnus.core.delivery import Inbound, Parcel, Receipt, State
from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from collections.abc import Sequence

SYNTAX: Final = "ubl"
"""Peppol's billing documents are UBL."""


@dataclass(frozen=True, slots=True)
class Recommand:
    """The access point of Recommand (API v1), an account ``[peppol.NAME]``: it sends XML exactly as it is given."""

    company: str
    """Id of the sending company there."""
    key: str
    secret: str = field(repr=False)
    url: str = "https://app.recommand.eu/api/v1"
    timeout: int = 60

    def send(self, parcel: Parcel) -> Receipt:
        """Discover, then submit. Raises ``Rejected`` where the network does not know the recipient."""
        file = next((file for file in parcel.files if file.kind == SYNTAX), None)
        if file is None:
            raise Rejected(
                "Peppol carries UBL: give the customer the syntax ubl",
                "Peppol befördert UBL: dem Kunden die Syntax ubl geben",
            )
        if not self.discover(parcel.recipient):
            raise Rejected(
                f"{parcel.recipient} is not reachable on Peppol", f"{parcel.recipient} ist über Peppol nicht erreichbar"
            )
        return self.submit(parcel.recipient, file.content)

    def discover(self, participant: str) -> bool:
        """The network knows the participant (``0204:…``).

        Raises ``TryLater``, also where the answer says neither; ``Rejected`` where the access point lets us not in.
        """
        answer = self._ask("POST", "/verify", {"peppolAddress": participant})
        if answer.status in {401, 403}:
            raise Rejected(answer.told)
        known = _object(answer).get("isValid")
        if answer.status == 200 and not isinstance(known, bool):
            raise TryLater(answer.told)
        return answer.status == 200 and known is True

    def submit(self, participant: str, document: bytes) -> Receipt:
        """Hand over the bytes as they are."""
        body = {"recipient": participant, "documentType": "xml", "document": document.decode()}
        try:
            answer = call(
                "POST", f"{self.url}/{quote(self.company)}/send", json.dumps(body).encode(), headers=self._headers(),
                timeout=self.timeout,
            )  # fmt: skip
        except LineBrokenError as error:
            return Receipt(State.UNKNOWN, str(error))
        told = _object(answer)
        if answer.status in {200, 201} and told.get("success") and told.get("id"):
            return Receipt(State.SENT, f"{answer.status} {told.get('peppolMessageId') or ''}".strip(), str(told["id"]))
        if 400 <= answer.status < 500:
            raise Rejected(answer.told)
        return Receipt(State.UNKNOWN, answer.told)

    def status(self, reference: str) -> Receipt:
        """``delivered`` once the recipient's access point has signed for it."""
        document = self._document(reference)
        receipt = document.get("receivedPeppolSignalMessage")
        return Receipt(
            State.DELIVERED if receipt else State.SENT, str(document.get("peppolMessageId") or ""), reference
        )

    def inbound(self) -> Sequence[Inbound]:
        """What arrived and was not taken yet."""
        answer = self._ask("GET", f"/inbox?companyId={quote(self.company)}")
        rows = _object(answer).get("documents") or []
        found = []
        for row in rows:
            xml = self._document(str(row["id"])).get("xml")
            if xml:
                found.append(Inbound(str(row["id"]), str(row.get("senderId") or ""), str(xml).encode()))
        return found

    def _document(self, reference: str) -> dict[str, Any]:
        document = _object(self._ask("GET", f"/documents/{quote(reference)}")).get("document")
        if not isinstance(document, dict):
            raise TryLater(f"{reference}: no document")
        return document

    def _ask(self, method: str, path: str, body: object = None) -> Answer:
        content = json.dumps(body).encode() if body is not None else b""
        return question(method, f"{self.url}{path}", content, headers=self._headers(), timeout=self.timeout)

    def _headers(self) -> dict[str, str]:
        login = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return {"Content-Type": "application/json", "Authorization": f"Basic {login}"}


def _object(answer: Answer) -> dict[str, Any]:
    told = answer.json()
    return told if isinstance(told, dict) else {}
