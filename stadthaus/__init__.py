"""Stadthaus: the digital town hall of a small town. The map of the code is in README.md."""
