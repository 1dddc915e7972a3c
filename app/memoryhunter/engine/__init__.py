"""Pictures and words become vectors."""
