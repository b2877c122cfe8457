"""An app with slow work, for tests that kill real workers."""
