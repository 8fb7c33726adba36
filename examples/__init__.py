"""Small programs that show the packages at work."""
