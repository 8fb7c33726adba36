"""`python -m bench`: what things cost, as multiples of the raw signature operations they need."""
