"""`manage.py worker`: does the due work until it is told to stop."""

import multiprocessing
import os
import secrets
import signal
import socket
import time
from argparse import ArgumentParser
from datetime import timedelta
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as AnyDatabaseError
from django.db import close_old_connections, connections
from django.utils import timezone

from stadthaus.work import actions, queries
from stadthaus.work.models import Job
from stadthaus.work.signals import worker_starts

log = structlog.get_logger()

# The most frequent regular work comes every minute; what is due for longer than this, nobody does.
_LONGEST_WAIT = timedelta(minutes=5)
# No job is begun under a lease that could end while it runs.
_LEAST_LEASE = timedelta(seconds=actions.LEASE_SECONDS / 2)
_LONGEST_NAP = 0.25
_RESTART_PAUSE = 1.0


class Command(BaseCommand):
    """The worker: claims due jobs, does them one by one, tries failed ones again later."""

    help = "Erledigt fällige Arbeit (Nachrichten, Fristen, Zahlungsabfragen), bis SIGTERM oder Strg-C kommt."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--processes", type=int, default=1, help="so viele Prozesse nebeneinander (1)")
        parser.add_argument("--check", action="store_true", help="nur prüfen, ob alles Fällige erledigt wird")
        parser.add_argument("--once", action="store_true", help="nur erledigen, was jetzt fällig ist")
        parser.add_argument("--poll", type=float, default=1.0, help="Sekunden zwischen zwei Blicken, wenn nichts ist")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look only, run once, in this process, or in several watched ones."""
        if options["check"]:
            self._check()
            return
        self._ask_for_leave(options["poll"])
        if options["once"]:
            actions.start_regular_jobs(now=timezone.now())
            count = actions.run_due(timezone.now())
            self.stdout.write(f"{count} Aufgaben erledigt oder versucht.")
        elif options["processes"] > 1:
            Watch(processes=options["processes"], poll=options["poll"]).run()
        else:
            Worker(poll=options["poll"]).run()

    def _ask_for_leave(self, poll: float) -> None:
        """Begin only if nobody objects; while the database is away nobody can say."""
        while True:
            try:
                worker_starts.send(sender=Job)
            except ImproperlyConfigured as refusal:
                raise CommandError(str(refusal)) from refusal
            except AnyDatabaseError as error:
                log.warning("database away", error=type(error).__name__)
                close_old_connections()
                time.sleep(poll)
            else:
                return

    def _check(self) -> None:
        """For monitoring: fail if work stays undone."""
        now = timezone.now()
        waited = queries.longest_wait(now)
        if waited is None or waited > _LONGEST_WAIT:
            raise CommandError("Kein Worker läuft: Fällige Aufgaben bleiben liegen.")
        failing = sorted({job.kind for job in queries.unfinished()})
        if failing:
            raise CommandError(f"Immer wieder gescheitert, bitte im Protokoll nachsehen: {', '.join(failing)}")
        self.stdout.write("Alles Fällige wird erledigt.")


class Stop:
    """Whether the process was asked to stop. The job in hand is finished first."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_args: object) -> None:
        self.asked = True

    def nap(self, seconds: float) -> None:
        """Sleep, and wake up soon after being asked to stop."""
        end = time.monotonic() + seconds
        while not self.asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LONGEST_NAP))


class Worker:
    """One process that does due jobs."""

    def __init__(self, *, poll: float, parent: int | None = None) -> None:
        self._poll = poll
        self._parent = parent
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[-100:]
        self._stop = Stop()
        self._has_started = False

    def run(self) -> None:
        """Work until asked to stop; look again at once after work, otherwise after `poll` seconds."""
        log.info("worker started", worker=self._name)
        while not (self._stop.asked or self._is_orphan()):
            if not self._do_batch():
                self._stop.nap(self._poll)
        connections.close_all()
        log.info("worker stopped", worker=self._name)

    def _do_batch(self) -> bool:
        """Claim and do a few jobs; False if there was nothing to do or the database is away."""
        try:
            close_old_connections()
            if not self._has_started:
                actions.start_regular_jobs(now=timezone.now())
                self._has_started = True
            jobs = actions.claim(now=timezone.now(), worker=self._name)
            self._do(jobs)
        except AnyDatabaseError as error:
            # Nothing is lost: what was claimed is claimed again when its lease is over.
            log.warning("database away", error=type(error).__name__)
            return False
        return bool(jobs)

    def _do(self, jobs: list[Job]) -> None:
        for number, job in enumerate(jobs):
            if self._stop.asked or not _may_begin(job):
                actions.give_back(jobs=jobs[number:])
                return
            actions.run(job=job, now=timezone.now())

    def _is_orphan(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent


class Watch:
    """The parent of several workers: replaces each that dies and ends all of them with itself."""

    def __init__(self, *, processes: int, poll: float) -> None:
        self._poll = poll
        self._stop = Stop()
        self._children = [self._start() for _ in range(processes)]

    def run(self) -> None:
        """Watch the workers until asked to stop; each finishes the job it has in hand."""
        while not self._stop.asked:
            wait([child.sentinel for child in self._children], timeout=_LONGEST_NAP)
            if not self._stop.asked:
                self._replace_dead()
        while alive := [child for child in self._children if child.is_alive()]:
            for child in alive:
                # Said again until heard: a child may just be starting.
                child.terminate()
            alive[0].join(_LONGEST_NAP)

    def _replace_dead(self) -> None:
        for number, child in enumerate(self._children):
            if not child.is_alive():
                log.error("worker died", exit_code=child.exitcode)
                self._stop.nap(_RESTART_PAUSE)
                self._children[number] = self._start()

    def _start(self) -> ForkProcess:
        _hang_up()
        child = multiprocessing.get_context("fork").Process(target=_work, args=(self._poll, os.getpid()))
        child.start()
        return child


def _hang_up() -> None:
    """Close every connection, a pool's too: a child must not share one with its parent or with another child."""
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if hasattr(connection, "close_pool"):  # PostgreSQL; closing only gives the connection back to the pool
            connection.close_pool()


def _work(poll: float, parent: int) -> None:
    Worker(poll=poll, parent=parent).run()


def _may_begin(job: Job) -> bool:
    """Whether the lease of the job's batch is long enough to do one more under it."""
    return job.leased_until is not None and job.leased_until - timezone.now() > _LEAST_LEASE
