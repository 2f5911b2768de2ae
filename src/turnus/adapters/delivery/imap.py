"""A mailbox by IMAP (RFC 3501) with the standard library: what is unseen is fetched, and marked once it is kept."""

from __future__ import annotations

import imaplib
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Imap:
    """An account ``[mailbox.NAME]``."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    security: str = "tls"
    """``tls`` (from the first byte), ``starttls``, or ``none``, for a server on this machine alone."""
    folder: str = "INBOX"
    ca_file: str = ""
    """Further certificate authority, of a server in the house."""
    timeout: int = 60
    """Seconds that each answer may take."""

    def problems(self) -> list[str]:
        """Settings that do not fit together: passwords travel encrypted only."""
        wrong = [] if self.security in {"tls", "starttls", "none"} else ["security"]
        local = self.host in {"127.0.0.1", "::1", "localhost"}
        return wrong + (["security (none)"] if self.security == "none" and not local else [])

    def messages(self) -> Iterator[tuple[str, bytes]]:
        """(id, bytes) of every message not seen yet, the oldest first, one at a time; reading marks nothing."""
        with self._open() as box:
            for number in _asked(box, "SEARCH", None, "UNSEEN")[0].split():
                parts = _asked(box, "FETCH", number.decode(), "(BODY.PEEK[])")
                content = next((part[1] for part in parts if isinstance(part, tuple)), None)
                if content is not None:
                    yield number.decode(), content

    def taken(self, message: str) -> None:
        """Mark a message as seen: it is kept now."""
        with self._open() as box:
            _asked(box, "STORE", message, "+FLAGS.SILENT", r"(\Seen)")

    @contextmanager
    def _open(self) -> Iterator[Any]:
        """The folder of the mailbox, logged in. Raises ``TryLater``, and ``Rejected`` where it lets nobody in."""
        try:
            box = self._connected()
        except (OSError, imaplib.IMAP4.error) as error:
            raise TryLater(f"{self.host}: {type(error).__name__}") from None
        try:
            try:
                box.login(self.user, self.password)
                answer, _data = box.select(f'"{self.folder}"')
            except imaplib.IMAP4.abort as error:
                raise TryLater(f"{self.host}: {type(error).__name__}") from None
            except imaplib.IMAP4.error:
                raise Rejected(f"{self.host} refuses {self.user}", f"{self.host} weist {self.user} ab") from None
            if answer != "OK":
                raise Rejected(
                    f"{self.host} has no folder {self.folder}", f"{self.host} hat keinen Ordner {self.folder}"
                )
            yield box
        except (OSError, imaplib.IMAP4.error) as error:
            raise TryLater(f"{self.host}: {type(error).__name__}") from None
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                box.logout()
            with suppress(OSError, imaplib.IMAP4.error):
                box.shutdown()  # logging out does not, where the line is broken

    def _connected(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if self.ca_file:
            context.load_verify_locations(self.ca_file)
        if self.security == "tls":
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=self.timeout)
        box = imaplib.IMAP4(self.host, self.port, timeout=self.timeout)
        if self.security == "starttls":
            box.starttls(context)
        return box


def _asked(box: imaplib.IMAP4, *command: Any) -> list[Any]:  # noqa: ANN401 - as imaplib takes it
    answer, data = box.uid(*command)
    if answer != "OK":
        raise imaplib.IMAP4.abort(str(command[0]))
    return data
