"""Pure rules of due work."""
