"""The file of a seller: read, written, and what is wrong with it."""

from pathlib import Path

import pytest

from turnus.core.document import PostalAddress
from turnus.core.intake.columns import FileError
from turnus.core.intake.texts import message
from turnus.core.parties import SellerData
from turnus.integration.seller_file import read_seller, seller_toml

SELLER = SellerData(
    "a", 'Müller "&" Söhne \\ Co', PostalAddress("Weg 1", "01067", "Dresden", "DE"), small_business=True
)


def read(folder: Path, text: str) -> SellerData:
    (folder / "seller.toml").write_text(text, encoding="utf-8")
    return read_seller(folder / "seller.toml")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    assert read(tmp_path, seller_toml(SELLER)) == SELLER


def test_all_wrong_keys_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read(tmp_path, 'code = "a"\nvatid = "DE1"\npayment_days = "14"\noss = 1\n')
    assert message(caught.value, "en") == (
        "Seller: unknown keys: vatid (→ vat_id). "
        "Missing: name, address.street, address.postcode, address.city, address.country. "
        "Wrong kind of value: payment_days, oss."
    )


def test_the_address_is_a_table_with_all_it_needs(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read(tmp_path, 'code = "a"\nname = "A"\n[address]\nstreet = "Weg 1"\n')
    assert caught.value.params["missing"] == "address.postcode, address.city, address.country"


@pytest.mark.parametrize(("text", "code"), [("code = ", "toml"), ("x" * 200_000, "toml"), ("address = 1", "toml_keys")])
def test_what_is_no_toml_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(FileError, match=code):
        read(tmp_path, text)
    with pytest.raises(FileError, match="missing"):
        read_seller(tmp_path / "none.toml")
    with pytest.raises(FileError, match="unreadable"):
        read_seller(tmp_path)
