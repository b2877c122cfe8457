"""Pure rules of the bulky-waste card: fee, items, days, states, search. No Django, no clock, no database."""
