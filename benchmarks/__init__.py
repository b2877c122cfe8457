"""Load, race, size and document measurements against a real server. `python -m benchmarks --help`."""
