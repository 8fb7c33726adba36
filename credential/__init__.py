"""What is signed about a civil servant, and how it fits a QR code."""

import native  # noqa: F401 (before any module that has a compiled twin)
