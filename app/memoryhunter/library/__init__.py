"""The library's database: the only package that executes SQL."""
