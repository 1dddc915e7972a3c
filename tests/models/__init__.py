"""A small picture-and-text model for the tests: its pictures, its training and its weights."""
