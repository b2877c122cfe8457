import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stadthaus.base_services.collection_tours import actions, documents, queries
from stadthaus.base_services.collection_tours.documents import PhotoRefused, clean_photo
from stadthaus.base_services.collection_tours.tests.factories import NOW, make_day, record

ORIENTATION, CAMERA, GPS = 0x0112, 0x010F, 0x8825


def picture_file(
    size: tuple[int, int] = (400, 300), kind: str = "JPEG", mode: str = "RGB", orientation: int = 1
) -> BytesIO:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = orientation, "Kamera von Frau Meier"
    exif.get_ifd(GPS)[1] = "N"
    file = BytesIO()
    picture = Image.new(mode, size, "red" if mode == "RGB" else 0)
    if kind == "GIF":
        picture.save(file, kind)
    else:
        picture.save(file, kind, exif=exif)
    return BytesIO(file.getvalue())


def cleaned(file: BytesIO) -> Image.Image:
    return Image.open(BytesIO(clean_photo(file)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_of_telephones_become_jpeg(kind: str) -> None:
    photo = cleaned(picture_file(kind=kind))
    assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (400, 300))


def test_nothing_but_the_picture_is_kept() -> None:
    data = clean_photo(picture_file())
    assert not Image.open(BytesIO(data)).getexif()
    assert b"Meier" not in data
    assert b"Exif" not in data


def test_a_photo_taken_upright_stands_upright() -> None:
    assert cleaned(picture_file(orientation=6)).size == (300, 400)


@pytest.mark.parametrize(
    ("size", "small"), [((4000, 3000), (1600, 1200)), ((3000, 4000), (1200, 1600)), ((1600, 900), (1600, 900))]
)
def test_large_photos_are_made_small(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert cleaned(picture_file(size)).size == small


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1"])
def test_every_kind_of_colour_is_understood(mode: str) -> None:
    assert cleaned(picture_file(kind="PNG", mode=mode)).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    assert cleaned(picture_file(kind="PNG", mode="RGBA")).getpixel((5, 5)) == (255, 255, 255)


def test_an_upload_of_a_form_is_understood() -> None:
    upload = SimpleUploadedFile("foto.jpg", picture_file().getvalue(), content_type="image/jpeg")
    assert clean_photo(upload)


def test_cleaning_the_same_photo_twice_gives_the_same_bytes() -> None:
    assert clean_photo(picture_file()) == clean_photo(picture_file())


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\xff\xd8\xff", b"GIF89a" + b"\0" * 40]
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(PhotoRefused, match="kein lesbares Foto"):
        clean_photo(BytesIO(data))


def test_other_kinds_of_pictures_are_refused() -> None:
    with pytest.raises(PhotoRefused, match="JPEG oder PNG"):
        clean_photo(picture_file(kind="GIF", mode="P"))


def test_a_file_of_more_than_ten_megabytes_is_refused() -> None:
    with pytest.raises(PhotoRefused, match="10 MB"):
        clean_photo(BytesIO(b"\0" * (documents.MAX_BYTES + 1)))


@pytest.mark.parametrize("side", [7100, 12_000, 20_000])
def test_a_small_file_with_a_huge_picture_is_refused_before_it_is_unpacked(side: int) -> None:
    file = BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    with pytest.raises(PhotoRefused, match="zu viele Bildpunkte"):
        clean_photo(BytesIO(file.getvalue()))


def test_three_hundred_broken_files_are_each_cleaned_or_refused() -> None:
    seed = int(os.environ.get("TOURS_SEED", "20261123"))
    print(f"TOURS_SEED={seed}")
    random = Random(seed)
    for number in range(300):
        whole = bytearray(picture_file((60, 40), kind=("JPEG", "PNG", "WEBP")[number % 3]).getvalue())
        for _ in range(random.randrange(1, 20)):
            whole[random.randrange(len(whole))] = random.randrange(256)
        broken = bytes(whole[: random.randrange(1, len(whole) + 1)])
        try:
            assert Image.open(BytesIO(clean_photo(BytesIO(broken)))).format == "JPEG"
        except PhotoRefused:
            continue


# Keeping


@pytest.fixture(autouse=True)
def _own_storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_each_photo_gets_a_name_nobody_can_guess() -> None:
    one, other = (documents.keep_photo(b"jpeg", folder="photos") for _ in range(2))
    assert one != other
    assert one.startswith("photos/")
    assert len(one) > 40
    assert one.rpartition("-")[2] == other.rpartition("-")[2]


def test_removing_twice_is_harmless() -> None:
    name = documents.keep_photo(b"jpeg", folder="photos")
    documents.remove_photo(name)
    documents.remove_photo(name)
    assert not default_storage.exists(name)


@pytest.mark.django_db
def test_photos_that_no_stop_names_are_removed_after_a_day() -> None:
    actions.book(held_as="", reference="order/1", day_id=make_day().pk, litres=1, now=NOW)
    named, stray = (documents.keep_photo(b"jpeg", folder=documents.STOPS_FOLDER) for _ in range(2))
    elsewhere = documents.keep_photo(b"jpeg", folder="photos")
    record("partly_collected", "too_much", photo=named)
    stored = datetime.now(UTC)
    assert removed(stored + timedelta(hours=23)) == 0
    assert removed(stored + timedelta(hours=25)) == 1
    assert [default_storage.exists(name) for name in (named, stray, elsewhere)] == [True, False, True]


def removed(now: datetime) -> int:
    return documents.remove_stray_photos(folder=documents.STOPS_FOLDER, named=queries.photo_names, now=now)


def test_no_photo_at_all_is_no_error() -> None:
    assert removed(NOW) == 0
