"""What a person would not see: errors in the console, scripts that broke, answers of the server that failed."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Response

NOT_FOUND, BROKEN = 400, 500


class Watch:
    """Writes down every silent error of one window."""

    def __init__(self, context: BrowserContext, *, counts: bool = True) -> None:
        self.context = context
        self.problems: list[str] = []
        if not counts:  # something is broken on purpose in this window
            return
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A page answered with 404 or 403 is reported by the browser, too; _response judges those.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        """A page may say "not here"; a script, a style or a picture must be there, and the server must not break."""
        is_page = response.request.is_navigation_request()
        is_demo_provider = "/demo-bezahlseite/" in response.url  # plays a silent provider with 504
        if response.status >= (BROKEN if is_page else NOT_FOUND) and not is_demo_provider:
            self.problems.append(f"{response.status}: {response.url}")
