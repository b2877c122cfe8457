"""Pure rules about addresses: house numbers, street names, districts, coordinates, official lines."""
