"""Real worker processes: whatever a photo does to one costs that photo and nothing else."""

import errno
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import PixelSpec
from memoryhunter.media.prepare import PrepareRequest, fingerprint_photo
from memoryhunter.media.supervisor import SupervisedWorker, WorkerStartError
from memoryhunter.media.thumbnails import ThumbnailNotSavedError
from memoryhunter.media.worker import Request
from memoryhunter.media.workers import MediaPool
from tests.media import misbehaviour as do
from tests.media.samples import encoded, landscape, write_photo

ROOT = Path(__file__).parents[2]

needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this")


@pytest.fixture
def pool() -> Iterator[MediaPool]:
    with MediaPool(1, seconds_per_file=20) as pool:
        yield pool


def ask(pool: MediaPool, function: Callable[[Any], Any], argument: object = None) -> Future[Any]:
    return pool._submit(Request(function, argument))


def reason_of(future: Future[Any]) -> FailureReason:
    with pytest.raises(FileFailure) as caught:
        future.result(60)
    return caught.value.reason


def no_process_is_left() -> bool:
    return multiprocessing.active_children() == []


def worker_that_begins_with(first: Request, seconds: float = 20.0) -> SupervisedWorker:
    return SupervisedWorker(
        first=first, seconds=seconds, memory_bytes=1024**3, requests=10, in_background=True
    )


def test_photos_go_through(tmp_path: Path) -> None:
    thumbnails = tmp_path / "thumbnails"
    photos = [write_photo(tmp_path / f"{n}.jpg", landscape(600 + n, 400)) for n in range(6)]
    with MediaPool(2) as pool:
        futures = [
            pool.prepare(PrepareRequest(photo, thumbnails, PixelSpec(224))) for photo in photos
        ]
        for photo, future in zip(photos, futures, strict=True):
            prepared = future.result(60)
            assert (prepared.stamp, prepared.content_hash) == fingerprint_photo(photo)
            assert prepared.pixels is not None
            assert prepared.pixels.shape == (224, 224, 3)
        assert pool.fingerprint(photos[0]).result(60) == fingerprint_photo(photos[0])
    assert len(list(thumbnails.rglob("*.jpg"))) == 6
    assert no_process_is_left()


def test_failures_keep_their_reason(pool: MediaPool, tmp_path: Path) -> None:
    damaged = tmp_path / "a.jpg"
    damaged.write_bytes(encoded(landscape(400, 300), "jpeg")[:5000])
    for path, reason in (
        (damaged, FailureReason.DAMAGED),
        (tmp_path / "gone.jpg", FailureReason.VANISHED),
    ):
        future = pool.prepare(PrepareRequest(path, None, None))
        assert reason_of(future) is reason
    error = pool.fingerprint(tmp_path / "gone.jpg").exception(60)
    assert isinstance(error, FileFailure)


def test_processes_start_when_needed_and_end_with_the_pool() -> None:
    with MediaPool(2) as pool:
        assert no_process_is_left()
        assert ask(pool, do.give_back, 5).result(60) == 5
        assert not no_process_is_left()
    assert no_process_is_left()


@needs_unix
@pytest.mark.parametrize(
    ("function", "argument", "detail"),
    [(do.exit_at_once, 3, "ended with 3"), (do.kill_itself, None, "ended by SIGKILL")],
)
def test_a_crash_costs_one_file(
    pool: MediaPool, function: Callable[[Any], Any], argument: object, detail: str
) -> None:
    before = ask(pool, do.give_back, "before")
    crashed = [ask(pool, function, argument) for _ in range(3)]
    after = ask(pool, do.give_back, "after")
    assert before.result(60) == "before"
    for future in crashed:
        assert reason_of(future) is FailureReason.CRASHED
        error = future.exception()
        assert isinstance(error, FileFailure)
        assert error.detail == detail
    assert after.result(60) == "after"


@needs_unix
def test_a_worker_that_dies_while_idle_costs_nothing(pool: MediaPool) -> None:
    first = ask(pool, do.process_id).result(60)
    (process,) = multiprocessing.active_children()
    os.kill(first, signal.SIGKILL)
    process.join()
    assert ask(pool, do.process_id).result(60) != first


def test_a_hang_costs_one_file_and_not_much_time() -> None:
    with MediaPool(1, seconds_per_file=0.5) as pool:
        hanging, waiting = ask(pool, do.hang), ask(pool, do.give_back, "after")
        assert reason_of(hanging) is FailureReason.TOO_SLOW
        assert waiting.result(60) == "after"


def test_waiting_in_line_does_not_count_as_slow() -> None:
    with MediaPool(1, seconds_per_file=1.5) as pool:
        futures = [ask(pool, do.wait_for, 0.6) for _ in range(4)]
        assert [future.result(60) for future in futures] == [0.6] * 4


def test_starting_does_not_count_as_slow() -> None:
    worker = worker_that_begins_with(Request(do.wait_for, 1.5), seconds=1.0)
    assert worker.call(Request(do.give_back, 5)) == 5
    worker.end()


def test_what_reads_photos_is_loaded_while_a_worker_starts(pool: MediaPool) -> None:
    for module in ("memoryhunter.media.prepare", "pillow_heif", "PIL.JpegImagePlugin"):
        assert ask(pool, do.is_loaded, module).result(60)


def test_a_worker_that_cannot_begin_is_told() -> None:
    worker = worker_that_begins_with(Request(do.raise_error, ImportError("no decoder")))
    with pytest.raises(WorkerStartError, match="no decoder"):
        worker.call(Request(do.give_back, 5))
    assert no_process_is_left()


@needs_linux
def test_memory_is_limited(tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    with MediaPool(1, memory_bytes=800 * 1024**2) as pool:
        assert reason_of(ask(pool, do.take_memory, 1024**3)) is FailureReason.OUT_OF_MEMORY
        assert ask(pool, do.take_memory, 1024).result(60) == 1024
        # One bit a pixel on disk, a gigabyte as RGB.
        Image.new("1", (16_000, 16_000)).save(photo, compress_level=1)
        future = pool.prepare(PrepareRequest(photo, None, None))
        assert reason_of(future) is FailureReason.OUT_OF_MEMORY
        assert ask(pool, do.give_back, "after").result(60) == "after"


def test_workers_are_replaced_after_some_files() -> None:
    with MediaPool(1, files_per_worker=2) as pool:
        ids = [ask(pool, do.process_id).result(60) for _ in range(5)]
    assert ids[0] == ids[1] != ids[2] == ids[3] != ids[4]


def test_workers_are_lean_and_quiet(pool: MediaPool, capfd: pytest.CaptureFixture[str]) -> None:
    ask(pool, do.make_noise).result(60)
    modules = ask(pool, do.loaded_modules).result(60)
    assert not modules & {"PySide6", "shiboken6", "torch", "transformers", "onnxruntime"}
    assert ask(pool, do.interrupts_are_ignored).result(60) is True
    assert capfd.readouterr() == ("", "")


def test_other_errors_arrive_as_they_are(pool: MediaPool, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        ask(pool, do.raise_error, ZeroDivisionError("a bug")).result(60)
    assert "misbehaviour.py" in caught.value.__notes__[0]
    (tmp_path / "thumbnails").write_bytes(b"in the way")
    request = PrepareRequest(write_photo(tmp_path / "a.jpg"), tmp_path / "thumbnails", None)
    with pytest.raises(ThumbnailNotSavedError, match="thumbnails"):
        pool.prepare(request).result(60)


def test_what_cannot_be_sent_is_told(pool: MediaPool) -> None:
    with pytest.raises((AttributeError, TypeError)):
        ask(pool, do.give_back, threading.Lock()).result(60)
    assert ask(pool, do.give_back, "after").result(60) == "after"


def test_cancelled_before_its_turn(pool: MediaPool) -> None:
    first, second, third = (ask(pool, do.wait_for, 0.3) for _ in range(3))
    assert second.cancel()
    wait([first, third], 60)
    assert second.cancelled()
    assert third.result() == 0.3


def test_close_does_not_wait_for_work() -> None:
    pool = MediaPool(1)
    started = ask(pool, do.give_back, "started")
    hanging, waiting = ask(pool, do.hang), ask(pool, do.hang)
    assert started.result(60) == "started"
    pool.close()
    for future in (hanging, waiting):
        with pytest.raises(CancelledError):
            future.result(0)
    assert no_process_is_left()
    assert not [thread for thread in threading.enumerate() if thread.name == "media lane"]
    pool.close()
    with pytest.raises(RuntimeError, match="closed"):
        pool.fingerprint(Path("a"))


def test_close_while_a_worker_is_starting() -> None:
    for _ in range(3):
        pool = MediaPool(2)
        futures = [ask(pool, do.give_back, n) for n in range(8)]
        pool.close()
        assert all(future.done() for future in futures)
        assert no_process_is_left()


def test_no_worker_at_all_is_told(pool: MediaPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memoryhunter.media.supervisor.serve", do.exit_at_once_instead)
    with pytest.raises(WorkerStartError, match="ended with 7"):
        ask(pool, do.give_back, 1).result(60)
    monkeypatch.undo()
    assert ask(pool, do.give_back, 1).result(60) == 1


def test_a_system_that_starts_no_process_is_told(
    pool: MediaPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    with pytest.raises(WorkerStartError, match="temporarily unavailable"):
        ask(pool, do.give_back, 1).result(60)


def test_many_threads_may_ask() -> None:
    answers: list[int] = []
    with MediaPool(2) as pool:

        def ask_some(start: int) -> None:
            for number in range(start, start + 20):
                answers.append(ask(pool, do.give_back, number).result(60))  # noqa: PERF401

        threads = [threading.Thread(target=ask_some, args=(n * 20,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == list(range(80))


PROGRAM = """
import sys
from pathlib import Path
from memoryhunter.media.worker import Request
from memoryhunter.media.workers import MediaPool
from tests.media import misbehaviour

if __name__ == "__main__":
    with MediaPool(1) as pool:
        future = pool._submit(Request(misbehaviour.hang_and_tell, Path(sys.argv[1])))
        try:
            future.result()
        except KeyboardInterrupt:
            print("interrupted")
"""


def start_program(tmp_path: Path) -> tuple[subprocess.Popen[str], int]:
    """Start a program of its own with a hanging worker; gives it and the worker's id."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "program.py").write_text(PROGRAM)
    program = subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py"), str(pipe)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'app'}{os.pathsep}{ROOT}"},
        start_new_session=True,
    )
    return program, int(pipe.read_text())


@needs_linux
def test_workers_die_with_a_killed_parent(tmp_path: Path) -> None:
    program, worker = start_program(tmp_path)
    watch = os.pidfd_open(worker)
    program.kill()
    program.communicate(timeout=30)
    ended, _, _ = select.select([watch], [], [], 30)
    os.close(watch)
    assert ended, "the worker outlived its parent"


@needs_unix
def test_an_interrupt_in_the_terminal_prints_no_tracebacks(tmp_path: Path) -> None:
    program, _ = start_program(tmp_path)
    os.killpg(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=30)
    assert (out, err, program.returncode) == ("interrupted\n", "", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="priorities are of another kind there")
@pytest.mark.parametrize("in_background", [True, False])
def test_work_that_nobody_waits_for_goes_behind(*, in_background: bool) -> None:
    with MediaPool(1, in_background=in_background) as pool:
        niceness: int = pool._submit(Request(_niceness, None)).result()
    assert (niceness > os.getpriority(os.PRIO_PROCESS, 0)) is in_background


def _niceness(_: None) -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)
