"""A small IMAP server (RFC 3501: what a client needs to read one folder), with faults that can be switched on."""

from __future__ import annotations

import re
import socketserver
import threading
from typing import Self


class MailServer(socketserver.ThreadingTCPServer):
    """Messages of one folder, numbered from 1; ``seen`` are those that were marked."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *messages: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages = list(messages)
        self.seen: set[int] = set()
        self.hangs_up_on = ""
        """A command on which the line breaks."""
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode():
            tag, _, command = line.strip().partition(" ")
            word = command.upper().removeprefix("UID ").split(" ")[0]
            if word == self.server.hangs_up_on:
                return
            for untagged in self._answers(word, command):
                self.wfile.write(untagged + b"\r\n")
            refused = (word == "LOGIN" and "falsch" in command) or (word == "SELECT" and "INBOX" not in command)
            self.wfile.write(f"{tag} {'NO' if refused else 'OK'} done\r\n".encode())
            if word == "LOGOUT":
                return

    def _answers(self, word: str, command: str) -> list[bytes]:
        number = int(found[1]) if (found := re.match(r"UID \w+ (\d+)", command)) else 0
        if word == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"]
        if word == "SELECT":
            return [f"* {len(self.server.messages)} EXISTS".encode()]
        if word == "SEARCH":
            wanted = [n for n in range(1, len(self.server.messages) + 1) if n not in self.server.seen]
            return [f"* SEARCH {' '.join(map(str, wanted))}".encode()]
        if word == "FETCH":
            content = self.server.messages[number - 1]
            return [f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}\r\n".encode() + content + b")"]
        if word == "STORE":
            self.server.seen.add(number)
        return []
