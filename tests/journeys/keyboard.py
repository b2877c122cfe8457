"""Somebody without a mouse: moves with Tab and arrows, and must always see where the focus is."""

from playwright.sync_api import Locator, Page

from tests.journeys.people import next_page

MOST_STOPS = 120

# What can show focus: the element itself, its label, the box around it, and what stands beside it in the label.
_LOOKS = """
(e) => {
  const parts = [e, e.closest('label'), e.parentElement, e.nextElementSibling, ...(e.labels ?? [])];
  return JSON.stringify(parts.filter(Boolean).map((part) => ['', '::before', '::after'].map((pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow];
  })));
}
"""
_REMEMBER_CALM = f"""
() => {{
  window.looksOf = {_LOOKS};
  const calm = window.looksCalm ??= new WeakMap();
  for (const e of document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')) {{
    if (e !== document.activeElement && !calm.has(e)) calm.set(e, window.looksOf(e));
  }}
}}
"""
_WHAT_IS_WRONG = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return 'the focus is lost';
  const name = `<${e.tagName.toLowerCase()} id="${e.id}">${(e.innerText || e.name || '').slice(0, 40)}`;
  const calm = window.looksCalm?.get(e);
  if (calm !== undefined && calm === window.looksOf(e)) return `the focus cannot be seen on ${name}`;
  const box = (e.labels?.[0] ?? e).getBoundingClientRect();
  const away = box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
  return away ? `the focus is outside the window on ${name}` : '';
}
"""


class Keyboard:
    """Presses keys on a page; every stop of the focus is checked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []

    def press(self, key: str) -> None:
        """Press a key that stays on the page; afterwards the focus must be somewhere and be seen."""
        self.page.evaluate(_REMEMBER_CALM)
        self.page.keyboard.press(key)
        self.check(f"after {key}")

    def check(self, when: str) -> None:
        """Write down what is wrong with the focus now."""
        if fault := self.page.evaluate(_WHAT_IS_WRONG):
            self.faults.append(f"{self.page.url} {when}: {fault}")

    def go_to(self, target: Locator, *, key: str = "Tab") -> None:
        """Press Tab (or an arrow) until the target has the focus."""
        for _ in range(MOST_STOPS):
            self.press(key)
            if target.evaluate("(e) => e === document.activeElement"):
                return
        raise AssertionError(f"{target} cannot be reached with {key}")

    def write(self, target: Locator, text: str) -> None:
        """Go to a field and type."""
        self.go_to(target)
        self.page.keyboard.type(text)

    def choose(self, target: Locator) -> None:
        """Go to a box or radio button and choose it with Space."""
        self.go_to(target)
        self.press("Space")

    def send(self, button: str) -> None:
        """Go to a button and press Enter; a new page follows."""
        self.go_to(self.page.get_by_role("button", name=button))
        self.enter()

    def enter(self) -> None:
        """Press Enter where the focus is; a new page follows."""
        with next_page(self.page):
            self.page.keyboard.press("Enter")
