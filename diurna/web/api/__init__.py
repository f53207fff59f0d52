"""The public read API, version 1 (`docs/reference/api.md`)."""
