"""Beside a running server: leaves time to pay at the counter. `python -m tests.journeys.time_for_the_counter`."""

import django

django.setup()

from stadthaus.services.bulky_waste.tests.factories import leave_time_for_the_counter

if __name__ == "__main__":
    leave_time_for_the_counter()
