"""Plain values shared by every layer; nothing here imports anything but the standard library."""
