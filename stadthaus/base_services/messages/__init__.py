"""Messages to people: outbox, delivery and what became of them."""
