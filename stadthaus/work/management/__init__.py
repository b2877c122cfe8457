"""Commands of due work."""
