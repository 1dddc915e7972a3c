"""Fixtures for every test, and the rule that nothing may be left running."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
