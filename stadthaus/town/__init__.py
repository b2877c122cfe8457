"""The current town: dated rules and values, holidays, texts, sender, bank account."""
