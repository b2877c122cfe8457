"""The Sperrmüllkarte: a citizen orders, pays and holds the card; the contractor reports what was collected."""
