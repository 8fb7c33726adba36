"""What is signed about a civil servant, and how it fits a QR code."""
