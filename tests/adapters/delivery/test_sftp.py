"""Files to an SFTP server (JB-104) that runs in this process and fails when told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paramiko
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.adapters.delivery.conftest import PDF, XML, parcel
from turnus.adapters.delivery.sftp import Sftp
from turnus.core.delivery import State
from turnus.ports import Rejected, TryLater


class Login(paramiko.ServerInterface):  # type: ignore[misc]
    def check_auth_password(self, username: str, password: str) -> int:
        good = (username, password) == ("haus", "geheim")
        return int(paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 - the library's names
        return int(paramiko.OPEN_SUCCEEDED)


class Files(paramiko.SFTPServerInterface):  # type: ignore[misc]
    """A folder; ``fault`` names the act that fails, or at which the line breaks."""

    root = Path()
    fault = ""
    line: paramiko.Transport

    def _path(self, name: str) -> str:
        return f"{self.root}{self.canonicalize(name)}"

    def mkdir(self, path: str, attr: Any) -> int:  # noqa: ANN401, ARG002 - the library's signature
        try:
            Path(self._path(path)).mkdir()
        except OSError as error:
            return int(paramiko.SFTPServer.convert_errno(error.errno or 0))
        return int(paramiko.SFTP_OK)

    def open(self, path: str, flags: int, attr: Any) -> Any:  # noqa: ANN401, ARG002 - likewise
        if self.fault == "drop":
            self.line.close()
        if self.fault == "open":
            return paramiko.SFTP_PERMISSION_DENIED
        handle = paramiko.SFTPHandle(flags)
        handle.writefile = Path(self._path(path)).open("wb")  # noqa: SIM115 - the handle closes it
        return handle

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        if self.fault == "rename":
            return int(paramiko.SFTP_FAILURE)
        Path(self._path(oldpath)).rename(self._path(newpath))
        return int(paramiko.SFTP_OK)


class Server:
    """Serves one folder to whoever comes."""

    def __init__(self, root: Path) -> None:
        self.root, self.fault = root, ""
        raw = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        path = root.parent / "host_key"
        path.write_bytes(raw)
        self.key = paramiko.PKey.from_path(path)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.lines: list[paramiko.Transport] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _where = self.socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(line)
            transport.add_server_key(self.key)
            folder = type("Folder", (Files,), {"root": self.root, "fault": self.fault, "line": transport})
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, folder)
            self.lines.append(transport)
            try:
                transport.start_server(server=Login())
            except (OSError, EOFError, paramiko.SSHException):
                transport.close()

    def account(self, **settings: Any) -> Sftp:  # noqa: ANN401 - whatever the account is told
        known = {
            "host_key": f"{self.key.get_name()} {self.key.get_base64()}", "password": "geheim", "timeout": 60,
            "port": self.socket.getsockname()[1], "directory": "eingang",
        }  # fmt: skip
        return Sftp("127.0.0.1", "haus", **known | settings)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "root").mkdir()
    made = Server(tmp_path / "root")
    yield made
    made.socket.close()
    for line in made.lines:
        line.close()


def found(server: Server) -> dict[str, bytes]:
    root = server.root
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_jb_104_files_lie_whole_on_the_server_and_twice_is_once(server: Server) -> None:
    receipt = server.account().send(parcel(PDF, XML, recipient="003712345"))
    assert (receipt.state, receipt.reference) == (State.DELIVERED, "127.0.0.1:eingang/003712345")
    server.account().send(parcel(PDF, XML, recipient="003712345"))
    assert found(server) == {
        "eingang/003712345/Rechnung_RE-1.pdf": PDF.content, "eingang/003712345/Rechnung_RE-1.xml": XML.content,
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["open", "rename", "drop"])
def test_f_07_a_transfer_that_broke_shows_no_file_and_is_done_again(server: Server, fault: str) -> None:
    server.fault = fault
    with pytest.raises(TryLater, match=r"127\.0\.0\.1"):
        server.account().send(parcel(PDF))
    assert "eingang/Rechnung_RE-1.pdf" not in found(server)
    server.fault = ""
    server.account().send(parcel(PDF, recipient=""))
    assert found(server)["eingang/Rechnung_RE-1.pdf"] == PDF.content


def test_another_server_another_password_and_another_folder_are_refused(server: Server) -> None:
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9uyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
    with pytest.raises(TryLater, match="not host_key"):
        server.account(host_key=other).send(parcel())
    with pytest.raises(TryLater, match="Authentication failed"):
        server.account(password="falsch").send(parcel())
    with pytest.raises(TryLater, match="refused"):
        server.account(port=1).send(parcel())
    for outside in ("../x", "/etc", "a/../../b"):
        with pytest.raises(Rejected, match="outside"):
            server.account().send(parcel(recipient=outside))
    assert found(server) == {}
    assert "geheim" not in repr(server.account())
