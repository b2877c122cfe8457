"""People at once: one thread each."""

import threading
from collections.abc import Callable, Sequence


def all_at_once(works: Sequence[Callable[[], object]]) -> None:
    """Do all works at the same time; when all are done the first error, if any, is raised."""
    errors: list[Exception] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  raised below, in the calling thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
