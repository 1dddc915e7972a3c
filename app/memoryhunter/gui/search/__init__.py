"""The search field, its chips and what answers it."""
