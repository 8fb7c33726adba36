"""The version of the programs; pyproject.toml says the same."""

VERSION = "0.1.0"
