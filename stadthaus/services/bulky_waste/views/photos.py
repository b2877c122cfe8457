"""Showing photos, whoever may see them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404


def photo_or_404(name: str | None) -> FileResponse:
    """The stored photo of this name; not found if there is none, or none any more."""
    if not name or not default_storage.exists(name):
        raise Http404
    return FileResponse(default_storage.open(name), content_type="image/jpeg", filename="Foto.jpg")
