"""Makes sure that the browser tests find a browser. Standard library only.

Debian's Chromium where it can be installed, else Playwright's own; a clear message where neither is to be had.
"""

import os
import shutil
import subprocess
import sys

HELP = """Für die Browsertests fehlt ein Browser. Bitte einen davon installieren:
  Debian und Ubuntu:  apt-get install chromium
  sonst:              .venv/bin/playwright install chromium
"""


def main() -> int:
    """Find a browser, or install one."""
    if shutil.which("chromium") or installed_by_debian() or installed_by_playwright():
        return 0
    print(HELP, file=sys.stderr)
    return 1


def installed_by_debian() -> bool:
    """Install Debian's Chromium, if this is Debian and we may."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"])
    return all(
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0
        for command in commands
    )


def installed_by_playwright() -> bool:
    """Let Playwright fetch its own Chromium."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
