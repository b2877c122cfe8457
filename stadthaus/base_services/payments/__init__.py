"""Payment requests, attempts, refunds, waivers, receipts and the ledger that proves them complete."""
