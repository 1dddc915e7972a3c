"""Keeps the library in step with the folders."""
