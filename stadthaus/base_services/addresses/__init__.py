"""Streets, house numbers, districts, coordinates."""
