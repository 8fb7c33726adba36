"""The gate: a guard's screen on this very machine, which judges without a network."""
