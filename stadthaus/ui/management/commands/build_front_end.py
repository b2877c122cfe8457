"""`manage.py build_front_end`: what pages and documents look like, made from node_modules, without network."""

import shutil
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stadthaus.ui import fonts

KERN_FONTS = Path("node_modules/@kern-ux/native/dist/fonts")
SUGGESTIONS = Path("node_modules/accessible-autocomplete/dist/accessible-autocomplete.min.js")
LICENCES = {
    "KERN (in stadthaus.css)": Path("node_modules/@kern-ux/native/LICENSE.md"),
    "accessible-autocomplete": Path("node_modules/accessible-autocomplete/LICENSE.txt"),
}


class Command(BaseCommand):
    """Writes style sheet, fonts, script and their licences to STATICFILES_DIRS[0], fonts of documents to var/fonts."""

    help = "Builds style sheet, fonts and scripts from node_modules (run `npm ci` before; needs no network)."

    requires_system_checks: list[str] = []  # noqa: RUF012  they ask for the folder this command makes

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let tests and tools build only the fonts of documents, for which no node is needed."""
        parser.add_argument("--only-document-fonts", action="store_true", help="only the fonts of PDF documents")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Build everything; each file is replaced as a whole."""
        project = Path(settings.BASE_DIR)
        if not (project / KERN_FONTS).is_dir():
            raise CommandError("node_modules is missing. Please run `npm ci` first.")
        fonts.build_document_fonts(project / KERN_FONTS, Path(settings.VAR_DIR) / "fonts")
        if options["only_document_fonts"]:
            return
        target = Path(settings.STATICFILES_DIRS[0])
        font_faces = fonts.build_page_fonts(project / KERN_FONTS, target / "fonts")
        _write_style_sheet(project, target / "stadthaus.css", font_faces)
        script = (project / SUGGESTIONS).read_text(encoding="utf-8")
        # The source map is not shipped; the comment that names it would stop collectstatic.
        (target / SUGGESTIONS.name).write_text(script.partition("//# sourceMappingURL")[0], encoding="utf-8")
        # The minified files have no room for them; each font names its own licence.
        texts = [f"{name}\n\n{(project / file).read_text(encoding='utf-8')}" for name, file in LICENCES.items()]
        (target / "licences.txt").write_text("\n\n".join(texts), encoding="utf-8")
        self.stdout.write(f"Built {target}")


def _write_style_sheet(project: Path, output: Path, font_faces: str) -> None:
    node = shutil.which("node")
    if node is None:
        raise CommandError("node is missing. Please install Node.js 20 or newer, or run `make`.")
    script = Path(__file__).resolve().parent.parent.parent / "front_end/build_css.mjs"
    call = [node, str(script), str(project), str(output)]
    result = subprocess.run(call, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603  own script
    if result.returncode:
        raise CommandError(f"The style sheet could not be built:\n{result.stderr}")
    output.write_text(font_faces + output.read_text(encoding="utf-8"), encoding="utf-8")
