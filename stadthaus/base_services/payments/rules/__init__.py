"""Pure rules of paying: states, deadlines, numbers, the QR code for transfers."""
