"""The folders of the library in the window: panel, first run, progress and dropped folders."""
