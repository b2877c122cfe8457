"""`manage.py web`: becomes the web server, if it may start."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from stadthaus.portal import web
from stadthaus.portal.production import why_not_start


class Command(BaseCommand):
    """Asks once whether the program may start, then replaces itself by the web server and its processes.

    Asked here and not only in each process: the server puts a new process in the place of every one that ended, so a
    refusal that only they know would be repeated without end.
    """

    help = "Startet den Webserver, bis SIGTERM oder Strg-C kommt."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1", help="Adresse, an der er hört (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="Port, an dem er hört (8000)")
        parser.add_argument("--processes", type=int, default=web.PROCESSES, help="am besten so viele wie Kerne")
        parser.add_argument("--threads", type=int, default=web.THREADS, help="je Prozess; 2 mit einem Zahlungsdienst")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse in words, or become the server; the number of the process stays the same."""
        if reason := why_not_start():
            raise CommandError(reason)
        if error := web.why_no_place(options["host"], options["port"]):
            raise CommandError(f"An {options['host']}:{options['port']} kann der Webserver nicht hören. {error}")
        connections.close_all()
        names = ("host", "processes", "threads")
        command = web.command_line(options["port"], **{name: options[name] for name in names})
        os.execv(command[0], command)  # noqa: S606  our own command line, and no shell wanted
