"""Archived files in an S3-compatible store. Credentials and address come from the environment, as boto3 reads them."""

from __future__ import annotations

import base64
from functools import cached_property
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from turnus.ports import Rejected, TryLater

_CONFIG: Final = Config(
    connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3},
    request_checksum_calculation="when_required", response_checksum_validation="when_required",
)  # fmt: skip
_MISSING: Final = {"NoSuchKey", "404", "NotFound"}


class S3Store:
    """Files by content hash below a prefix of a bucket."""

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self.bucket, self.prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def put(self, sha256: str, content: bytes) -> None:
        """Upload; the store itself compares the hash. Raises ``TryLater`` and ``Rejected``."""
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        self._call("put_object", Key=self._key(sha256), Body=content, ChecksumSHA256=checksum)

    def get(self, sha256: str) -> bytes | None:
        """Download; None where there is no such object. Raises ``TryLater`` and ``Rejected``."""
        found = self._call("get_object", Key=self._key(sha256))
        try:
            return None if found is None else bytes(found["Body"].read())
        except (BotoCoreError, OSError) as error:
            raise _later(error) from None

    def remove(self, sha256: str) -> None:
        """Delete the object, if it is there. Raises ``TryLater`` and ``Rejected``."""
        self._call("delete_object", Key=self._key(sha256))

    def place(self, sha256: str) -> str:
        """Bucket and key."""
        return f"s3://{self.bucket}/{self._key(sha256)}"

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}{sha256[:2]}/{sha256}"

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        return boto3.client("s3", config=_CONFIG)

    def _call(self, name: str, **values: object) -> Any:  # noqa: ANN401 - likewise
        """The answer; None where the object is not there."""
        try:
            return getattr(self._client, name)(Bucket=self.bucket, **values)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if code in _MISSING:
                return None
            if status >= 500 or code in {"SlowDown", "RequestTimeout", "TooManyRequests"}:
                raise _later(error) from None
            raise Rejected(
                f"The store s3://{self.bucket} refuses: {code}. Check bucket, region and credentials.",
                f"Die Ablage s3://{self.bucket} lehnt ab: {code}. Bucket, Region und Zugangsdaten prüfen.",
            ) from None
        except (BotoCoreError, ValueError) as error:
            raise _later(error) from None


def _later(error: Exception) -> TryLater:
    told = type(error).__name__
    return TryLater(
        f"The store cannot be reached: {told}. Check AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID and the network.",
        f"Die Ablage ist nicht erreichbar: {told}. AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID und das Netz prüfen.",
    )
