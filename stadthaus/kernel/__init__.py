"""Pure Python that every part stands on: money, measures, calendars, deadlines, numbers, links, words.

Nothing here imports Django, reads a clock or touches a database.
"""
