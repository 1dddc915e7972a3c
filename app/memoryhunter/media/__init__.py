"""Bytes on disk become pixels and facts. Opens photos read-only and never decides what to keep."""
