"""Looks at a page as axe-core does (WCAG 2.2 A and AA, good practice), on a phone and a desk, by day and by night."""

from urllib.parse import unquote, urlsplit

from django.urls import resolve
from playwright.sync_api import Page

from tests.server import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
NARROW, WIDE = 320, 1280
REFUSED = 400
_RUN = """
async (tags) => {
  const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, nodes }) =>
    `${id}: ` + nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | '));
}
"""
_STATUS = "() => performance.getEntriesByType('navigation')[0].responseStatus"


class Inspector:
    """Inspects page after page and keeps what is wrong in one list, so that one run shows everything."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.seen: set[str] = set()  # names of the addresses that answered with a page of their own
        self._seen_at = page.viewport_size

    def look(self, name: str = "", *, tags: tuple[str, ...] = (*WCAG, "best-practice")) -> None:
        """Inspect the page that is open, then leave the window as it was."""
        name = name or self._path
        if self.page.evaluate(_STATUS) < REFUSED:
            self.seen.add(resolve(self._path).view_name)
        for width in (WIDE, NARROW):
            self._open_wide(width)
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                self._add(f"{name}, {width} px, {scheme}", self._axe(tags))
        wide = self.page.evaluate("() => document.documentElement.scrollWidth")
        if wide > NARROW:
            self._add(f"{name}, {NARROW} px", [f"scrolls sideways: {wide} px"])
        self.page.emulate_media(color_scheme="light")
        if self._seen_at:
            self.page.set_viewport_size(self._seen_at)

    def visit(self, *paths: str) -> None:
        """Open and inspect several addresses; each has to answer itself."""
        for path in paths:
            self.page.goto(path)
            if self._path != urlsplit(path).path:
                self._add(path, [f"leads to {self._path}"])
            self.look(path)

    @property
    def _path(self) -> str:
        return unquote(urlsplit(self.page.url).path)

    def _open_wide(self, width: int) -> None:
        """Make the window as high as the page, so that nothing that sticks to it lies over anything else."""
        self.page.set_viewport_size({"width": width, "height": 800})
        height = self.page.evaluate("() => document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": max(800, height)})

    def _axe(self, tags: tuple[str, ...]) -> list[str]:
        # Evaluated through the browser's own tools: the page's policy (CSP) lets no foreign script in.
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        faults: list[str] = self.page.evaluate(_RUN, list(tags))
        return faults

    def _add(self, where: str, faults: list[str]) -> None:
        self.faults += [f"{where}: {fault}" for fault in faults]
