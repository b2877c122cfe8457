"""Photos of things at the kerb: checked, made small, freed of everything but the picture, kept in the storage.

Storing is slow (it can be another machine), so it happens before the action; the action then keeps
the name. What no row names in the end (refused, lost, replaced in two tabs at once) is removed by
`remove_stray_photos`: each app keeps its photos in a folder of its own and says which of them it names.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

STOPS_FOLDER = "photos/stops"
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
# A JPEG is decoded small; other formats are decoded whole, which costs seconds for a hostile one.
MAX_PIXELS_DECODED_WHOLE = 16_000_000
MAX_SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
STRAY_AFTER = timedelta(days=1)
ASKED_AT_ONCE = 500

Image.init()  # a format can only be asked for by name once its plug-in is loaded


class PhotoRefused(ValueError):
    """The file cannot be used as a photo; the message says in German why and what to do."""


class Readable(Protocol):
    """Anything with bytes in it: an upload or an open file."""

    def read(self, size: int = ..., /) -> bytes:
        """Read up to `size` bytes."""


def clean_photo(file: Readable) -> bytes:
    """Make a photo fit to be kept: JPEG, upright, at most 1600 pixels a side, without place, time or camera.

    Raises `PhotoRefused` for what is too large or is no photo.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PhotoRefused("Das Foto ist größer als 10 MB. Bitte nehmen Sie ein kleineres.")
    try:
        return _encode(_shrink(data))
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a broken or hostile file can raise nearly anything in a decoder
        raise PhotoRefused("Diese Datei ist kein lesbares Foto. Bitte nehmen Sie ein JPEG oder PNG.") from error


def _shrink(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        limit = MAX_PIXELS if picture.format in {"JPEG", "MPO"} else MAX_PIXELS_DECODED_WHOLE
        if picture.width * picture.height > limit:
            raise _too_many_pixels()
        picture.verify()
    # After verify() the file has to be opened again.
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture.thumbnail((MAX_SIDE, MAX_SIDE))
        return ImageOps.exif_transpose(picture)


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused("Das Foto hat zu viele Bildpunkte. Bitte nehmen Sie ein kleineres.")


def _encode(picture: Image.Image) -> bytes:
    """Draw the picture on white and write the pixels only: nothing of the old file comes along."""
    seen = picture.convert("RGBA")
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A"))
    jpeg = BytesIO()
    plain.save(jpeg, "JPEG", quality=QUALITY, optimize=True)
    return jpeg.getvalue()


def keep_photo(jpeg: bytes, *, folder: str) -> str:
    """Store a cleaned photo; the answer is its name, which nobody can guess.

    The name ends with a fingerprint of the picture, so a result that is sent twice is recognised.
    The crew's photos go to `STOPS_FOLDER`.
    """
    fingerprint = hashlib.sha256(jpeg).hexdigest()[:16]
    return default_storage.save(f"{folder}/{secrets.token_hex(16)}-{fingerprint}.jpg", ContentFile(jpeg))


def remove_photo(name: str) -> None:
    """Remove a stored photo; nothing happens if it is gone."""
    default_storage.delete(name)


def remove_stray_photos(*, folder: str, named: Callable[[list[str]], set[str]], now: datetime) -> int:
    """Remove photos of a folder older than a day that nothing names; `named` says which still are; how many."""
    removed = 0
    for names in _stored_photos(folder):
        for name in set(names) - named(names):
            if default_storage.get_modified_time(name) <= now - STRAY_AFTER:
                default_storage.delete(name)
                removed += 1
    return removed


def _stored_photos(folder: str) -> Iterator[list[str]]:
    try:
        _, files = default_storage.listdir(folder)
    except FileNotFoundError:  # no photo was ever stored
        return
    for start in range(0, len(files), ASKED_AT_ONCE):
        yield [f"{folder}/{file}" for file in files[start : start + ASKED_AT_ONCE]]
