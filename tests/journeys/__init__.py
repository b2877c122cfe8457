"""Journeys: a real browser walks through a real server, as people do.

`make test` runs them. The pictures of the documentation come from the first one:
`STADTHAUS_PICTURES=1 pytest tests/journeys/test_the_whole_circle.py` writes docs/pictures/.
"""
