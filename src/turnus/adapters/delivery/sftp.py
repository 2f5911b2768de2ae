"""Files to a partner's SFTP server (Basware and others): known by its key, files appear under their final name."""

from __future__ import annotations

import posixpath
import socket
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from turnus.core.delivery import Receipt, State
from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from paramiko import PKey, SFTPClient, Transport

    from turnus.core.delivery import Parcel


@dataclass(frozen=True, slots=True)
class Sftp:
    """An account ``[sftp.NAME]``."""

    host: str
    user: str
    host_key: str
    """Kind and key of the server, as in ``known_hosts``: ``ssh-ed25519 AAAA…``. Another server is refused."""
    port: int = 22
    password: str = field(default="", repr=False)
    key_file: Path = Path()
    """Our private key, in the data folder; or the password."""
    directory: str = "."
    timeout: int = 60

    def send(self, parcel: Parcel) -> Receipt:
        """Write the files into ``directory``, or the folder below it that the recipient names; twice is once."""
        if posixpath.isabs(parcel.recipient) or ".." in parcel.recipient.split("/"):
            raise Rejected("the folder lies outside of directory", "der Ordner liegt außerhalb von directory")
        place = posixpath.join(self.directory, parcel.recipient)
        from paramiko import SFTPClient, SSHException  # noqa: PLC0415 - takes long to load, few need it

        try:
            with closing(self._transport()) as line, closing(SFTPClient.from_transport(line)) as files:
                files.get_channel().settimeout(self.timeout)
                for file in parcel.files:
                    _write(files, place, file.name, file.content)
        except (OSError, EOFError, SSHException) as error:  # nothing is lost by doing it again
            raise TryLater(f"{self.host}: {str(error) or type(error).__name__}") from None
        return Receipt(State.DELIVERED, ", ".join(file.name for file in parcel.files), f"{self.host}:{place}")

    def status(self, reference: str) -> Receipt:
        """Files lie where they were put."""
        return Receipt(State.DELIVERED, "", reference)

    def _transport(self) -> Transport:
        """A line to the server whose key we know, logged in."""
        from paramiko import PKey, Transport  # noqa: PLC0415 - takes long to load, few need it

        line = Transport(socket.create_connection((self.host, self.port), self.timeout))
        try:
            line.banner_timeout = line.auth_timeout = line.handshake_timeout = self.timeout
            line.start_client(timeout=self.timeout)
            self._known(line.get_remote_server_key())
            if self.password:
                line.auth_password(self.user, self.password)
            else:
                line.auth_publickey(self.user, PKey.from_path(self.key_file))
        except BaseException:
            line.close()
            raise
        return line

    def _known(self, key: PKey) -> None:
        if [key.get_name(), key.get_base64()] != self.host_key.split()[:2]:
            raise OSError("the server's key is not host_key")


def _write(files: SFTPClient, place: str, name: str, content: bytes) -> None:
    """A temporary name first, then the final one: nobody takes half a document."""
    made = ""
    for part in place.split("/"):
        made = posixpath.join(made, part) if made else part or "/"
        with suppress(OSError):  # it is there, or what follows says what is wrong
            files.mkdir(made)
    unfinished = posixpath.join(place, f".{name}.part")
    with files.open(unfinished, "wb") as file:
        file.write(content)
    files.posix_rename(unfinished, posixpath.join(place, name))
