"""Files into a bucket of Amazon S3 or any store that speaks like it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from turnus.core.delivery import Parcel, Receipt, State
from turnus.ports import Rejected, TryLater


@dataclass(frozen=True, slots=True)
class S3:
    """An account ``[s3.NAME]``."""

    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    prefix: str = ""
    endpoint: str = ""
    """Address of another store than Amazon's."""
    region: str = "eu-central-1"
    timeout: int = 60

    def send(self, parcel: Parcel) -> Receipt:
        """Write each file under ``prefix/recipient/name``: the same again changes nothing."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - takes long to load, few need it

        folder = "/".join(part.strip("/") for part in (self.prefix, parcel.recipient) if part.strip("/"))
        client, keys = self._client(), []
        for file in parcel.files:
            key = f"{folder}/{file.name}".removeprefix("/")
            try:
                client.put_object(Bucket=self.bucket, Key=key, Body=file.content, ContentType=file.mime)
            except ClientError as error:
                status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
                code = str(error.response.get("Error", {}).get("Code", ""))
                told = f"s3://{self.bucket}: {status} {code}"
                raise (TryLater if status >= 500 or status == 429 else Rejected)(told) from None
            except (BotoCoreError, ValueError) as error:
                raise TryLater(f"s3://{self.bucket}: {type(error).__name__}") from None
            keys.append(f"s3://{self.bucket}/{key}")
        return Receipt(State.DELIVERED, ", ".join(keys), keys[0])

    def status(self, reference: str) -> Receipt:
        """Objects lie where they were put."""
        return Receipt(State.DELIVERED, "", reference)

    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        import boto3  # noqa: PLC0415 - takes long to load, few need it
        from botocore.config import Config  # noqa: PLC0415 - likewise

        return boto3.client(
            "s3", endpoint_url=self.endpoint or None, region_name=self.region, aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(
                connect_timeout=self.timeout, read_timeout=self.timeout, retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required", response_checksum_validation="when_required",
            ),
        )  # fmt: skip
