"""Pure rules: which role may do what."""
