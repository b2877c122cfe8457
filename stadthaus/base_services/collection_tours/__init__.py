"""Collection days of a district: how much still fits, who has a place, what became of it."""
