"""Looking at one photo, large."""
