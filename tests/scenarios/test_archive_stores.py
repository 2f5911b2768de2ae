"""The archive in a folder, in the database, in an S3 store; moved from one to another, verified (JB-116, G-08)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from django.db import IntegrityError, transaction
from moto.server import ThreadedMotoServer

from tests.builders import BY, day
from turnus.adapters.store import FolderStore
from turnus.adapters.store.s3 import S3Store
from turnus.core.chain import Filing
from turnus.core.retention import Retention
from turnus.documents.archive import DamagedFileError, append, read, store
from turnus.documents.database_store import DatabaseStore
from turnus.documents.models import StoredFile
from turnus.documents.move import Place, PlaceRefusedError, chosen_place, move
from turnus.documents.retention import delete_over
from turnus.documents.verify import flaws
from turnus.ports import FileStore, Rejected, TryLater
from turnus.wiring import files, store_at

pytestmark = pytest.mark.database

KINDS = ("folder", "database", "s3")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3-compatible server of this process."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    name = f"belege-{uuid4().hex[:8]}"
    place = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


@pytest.fixture
def stores(tmp_path: Path, bucket: str) -> dict[str, FileStore]:
    return {"folder": FolderStore(tmp_path), "database": DatabaseStore(), "s3": S3Store(bucket, "turnus/")}


def filed(where: FileStore, *contents: bytes, dated: str = "2026-11-22") -> list[str]:
    hashes = [store(where, content) for content in contents]
    with transaction.atomic():
        append(
            [
                Filing("invoice", n, "pdf", f"RE-{n}.pdf", sha256, len(contents[n]), Retention.VOUCHERS, day(dated))
                for n, sha256 in enumerate(hashes)
            ],
            at=BY.at,
        )
    return hashes


@pytest.mark.parametrize("kind", KINDS)
def test_each_store_keeps_a_file_once_gives_it_back_and_says_where_it_lies(
    stores: dict[str, FileStore], kind: str
) -> None:
    where = stores[kind]
    content = bytes(range(256)) * 100
    sha256 = store(where, content)
    assert store(where, content) == sha256
    assert read(where, sha256) == content
    assert sha256 in where.place(sha256)
    where.remove(sha256)
    where.remove(sha256)
    assert where.get(sha256) is None
    with pytest.raises(DamagedFileError, match=sha256):
        read(where, sha256)


def test_the_archive_moves_through_all_stores_and_verifies_in_each(
    stores: dict[str, FileStore], tmp_path: Path, bucket: str
) -> None:
    hashes = filed(stores["folder"], b"a", b"b", b"c")
    moves = [("folder", "database", Place("database")), ("database", "s3", Place(f"s3://{bucket}/turnus", "DE"))]
    for old, new, place in moves:
        assert sum(move(stores[old], stores[new], place, by=BY)) == 3
        assert chosen_place() == place
        assert list(flaws(stores[new], tmp_path / "none")) == []
        assert [read(files(tmp_path), sha256) for sha256 in hashes] == [b"a", b"b", b"c"]
    assert [read(stores["folder"], sha256) for sha256 in hashes] == [b"a", b"b", b"c"], "the old store keeps its files"


def test_a_move_stops_at_a_damaged_file_and_nothing_has_changed(stores: dict[str, FileStore]) -> None:
    hashes = filed(stores["folder"], b"a", b"b")
    Path(stores["folder"].place(hashes[1])).write_bytes(b"x")
    with pytest.raises(DamagedFileError, match=hashes[1]):
        list(move(stores["folder"], stores["database"], Place("database"), by=BY))
    assert chosen_place() == Place("folder")


@pytest.mark.parametrize(
    ("country", "permission", "code"),
    [("", "", "archive_place_country"), ("US", " ", "archive_place_abroad"), ("DE", "", ""), ("FR", "", ""),
     ("US", "Bescheid vom 01.10.2026, 12/345", "")],
)  # fmt: skip
def test_g08_a_store_outside_the_eu_needs_a_permission(
    stores: dict[str, FileStore], bucket: str, country: str, permission: str, code: str
) -> None:
    place = Place(f"s3://{bucket}/turnus", country, permission)
    if not code:
        list(move(stores["folder"], stores["s3"], place, by=BY))
        assert chosen_place() == place
        return
    with pytest.raises(PlaceRefusedError, match=code):
        list(move(stores["folder"], stores["s3"], place, by=BY))
    assert chosen_place() == Place("folder")


def test_a_file_in_the_database_cannot_be_changed_nor_deleted_before_its_time(tmp_path: Path) -> None:
    where = DatabaseStore()
    (sha256,) = filed(where, b"a", dated="2010-01-01")
    with pytest.raises(IntegrityError, match="turnus"), transaction.atomic():
        StoredFile.objects.update(content=b"b")
    with pytest.raises(IntegrityError, match="turnus"), transaction.atomic():
        where.remove(sha256)
    assert len(list(delete_over(where, on=day("2026-01-01"), by=BY))) == 1
    assert where.get(sha256) is None
    assert list(flaws(where, tmp_path)) == []


def test_a_store_that_refuses_or_cannot_be_reached_says_so(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Rejected, match="NoSuchBucket"):
        store(S3Store("nirgends"), b"a")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    with pytest.raises(TryLater, match="EndpointConnectionError"):
        store(S3Store(bucket), b"a")


def test_an_unknown_store_is_refused(tmp_path: Path) -> None:
    for url in ("tape", "s3://", "s3:///x"):
        with pytest.raises(Rejected, match="There is no store"):
            store_at(url, tmp_path)
