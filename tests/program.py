"""Runs the program as people do: another process, real arguments, a home of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SECONDS = 110


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Program:
    """The program with everything it keeps under `home`, run with `model` where one is given."""

    home: Path
    model: Path | None = None

    def command(self, *arguments: str | Path) -> list[str]:
        chosen = ["--model", str(self.model)] if self.model is not None else []
        words = [str(each) for each in arguments]
        return [sys.executable, "-m", "memoryhunter", "--home", str(self.home), *chosen, *words]

    def run(self, *arguments: str | Path) -> Outcome:
        done = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def ask(self, *arguments: str | Path) -> Any:
        """Run a sub-command that must succeed, and give its JSON."""
        outcome = self.run(*arguments, "--json")
        assert outcome.status == 0, outcome.err
        return outcome.json
