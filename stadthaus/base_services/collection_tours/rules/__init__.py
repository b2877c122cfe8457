"""Pure rules about capacity, the series of days, and what can become of a stop."""
