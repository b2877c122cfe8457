"""Makes the tables and 16 places to book, as many as the program has days. `python -m benchmarks.limit_app.fill`."""

import django

SLOTS = 16
ENOUGH = 1_000_000_000

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from benchmarks.limit_app.models import Slot

    call_command("migrate", "--run-syncdb", "--verbosity=0")
    Slot.objects.bulk_create(Slot(free=ENOUGH) for _ in range(SLOTS))
    print("{}")
