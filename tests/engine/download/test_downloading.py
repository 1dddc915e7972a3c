"""From a good server, and from each kind of bad one."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.downloader import Downloader
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.prepare.progress import PreparationCancelledError
from tests.engine.download.conftest import (
    FILES,
    HURRIED,
    OTHER_WEIGHTS,
    SOURCES,
    WEIGHTS,
    assert_complete,
    failing,
    make_offer,
    make_weights,
)
from tests.engine.download.server import FileServer, Manner

BIN = "/one/pytorch_model.bin"
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
LINKED = {"X-Linked-ETag": f'"{SHA256}"', "X-Linked-Size": str(len(WEIGHTS))}
PAGE = b"<!DOCTYPE html><html>Please log in</html>"


def stop_at(count: int) -> tuple[Callable[[DownloadProgress], None], Callable[[], bool]]:
    """Give callbacks that cancel once this many bytes are there."""
    done = [0]

    def on_progress(progress: DownloadProgress) -> None:
        done[0] = progress.done_bytes

    return on_progress, lambda: done[0] >= count


def keep_part(downloader: Downloader, offer: Offer, server: FileServer, size: int) -> None:
    """Leave a part of the weights behind, as a download does that was stopped."""
    server.manners[BIN].append(Manner(stall_after=size))
    enough = size + sum(len(content) for content in FILES.values()) - len(WEIGHTS)
    with pytest.raises(PreparationCancelledError):
        downloader.download(
            replace(offer, sources={"one": offer.sources["one"]}), (), *stop_at(enough)
        )
    assert downloader.kept_bytes("small") >= size
    server.asked.clear()


# Good servers


def test_every_file_comes_once_and_nothing_else_is_asked_for(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    told: list[DownloadProgress] = []
    folder = downloader.download(offer, (), told.append)
    assert_complete(folder)
    assert [each.path for each in server.asked] == [f"/one/{name}" for name in FILES]
    assert {each.agent for each in server.asked} == {"MemoryHunter"}
    last = told[-1]
    assert last.source == "one"
    assert last.done_bytes == last.total_bytes == sum(map(len, FILES.values()))
    server.asked.clear()
    assert_complete(downloader.download(offer))  # all is there already
    assert server.asked == []


def test_redirects_to_another_server_are_followed(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    with FileServer().running() as other:
        other.files["/somewhere"] = WEIGHTS
        server.stated[BIN] = LINKED
        server.always[BIN] = Manner(redirect=f"{other.address}/somewhere")
        other.manners["/somewhere"].append(Manner(drop_after=1000))
        assert_complete(downloader.download(offer))
        assert other.ranges("/somewhere") == [None, "bytes=1000-"]
        assert len(server.ranges(BIN)) == 2


def test_a_file_without_a_length(downloader: Downloader, offer: Offer, server: FileServer) -> None:
    server.manners[BIN].append(Manner(chunked=True))
    assert_complete(downloader.download(offer))


def test_progress_is_told_while_it_comes(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    told: list[DownloadProgress] = []
    server.manners[BIN].append(Manner(stall_after=300_000))
    assert_complete(downloader.download(offer, (), told.append))
    assert all(0 <= each.done_bytes <= each.total_bytes for each in told)
    assert any(each.speed > 0 and each.seconds_left is not None for each in told)


# Lines that break


@pytest.mark.parametrize("manner", [Manner(drop_after=100_000), Manner(stall_after=100_000)])
def test_a_line_that_breaks_is_taken_up_where_it_broke(
    downloader: Downloader, offer: Offer, server: FileServer, manner: Manner
) -> None:
    server.manners[BIN].extend([manner] * 3)
    assert_complete(downloader.download(offer))
    assert server.ranges(BIN) == [
        None,
        "bytes=100000-",
        "bytes=200000-",
        "bytes=300000-",
    ]
    assert server.sent(BIN) == len(WEIGHTS)


def test_what_was_kept_is_continued_by_the_next_program(
    downloader: Downloader, offer: Offer, server: FileServer, tmp_path: Path
) -> None:
    keep_part(downloader, offer, server, 250_000)
    assert_complete(Downloader(tmp_path / "downloads", HURRIED).download(offer))
    assert [each.path for each in server.asked] == [BIN]
    assert server.sent(BIN) == len(WEIGHTS) - 250_000
    assert server.asked[0].if_range  # or the file could have changed


@pytest.mark.parametrize("heedless", [False, True])
def test_a_file_that_changed_meanwhile_begins_again(
    downloader: Downloader, offer: Offer, server: FileServer, heedless: bool
) -> None:
    keep_part(downloader, offer, server, 250_000)
    server.files[BIN] = OTHER_WEIGHTS
    if heedless:  # sends the rest of the new one, as if it were that of the old one
        server.manners[BIN].append(Manner(ignores_if_range=True))
    folder = downloader.download(offer)
    assert (folder / "pytorch_model.bin").read_bytes() == OTHER_WEIGHTS


def test_a_server_that_ignores_ranges_begins_again(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    server.manners[BIN].extend([Manner(drop_after=100_000), Manner(ignores_range=True)])
    assert_complete(downloader.download(offer))
    assert server.sent(BIN) == 100_000 + len(WEIGHTS)


@pytest.mark.parametrize(
    "manner",
    [
        Manner(content_range=f"bytes 5-{len(WEIGHTS) - 1}/{len(WEIGHTS)}"),
        Manner(content_range=f"bytes 100000-{len(WEIGHTS) - 1}/*"),
        Manner(content_range=f"bytes 100000-{len(WEIGHTS)}/{len(WEIGHTS) + 1}"),
        Manner(content_range="nonsense"),
        Manner(status=416),
    ],
)
def test_a_part_that_is_not_the_missing_one_is_not_used(
    downloader: Downloader, offer: Offer, server: FileServer, manner: Manner
) -> None:
    server.manners[BIN].extend([Manner(drop_after=100_000), manner])
    assert_complete(downloader.download(offer))
    assert server.ranges(BIN) == [None, "bytes=100000-", None]


def test_a_part_without_a_name_for_its_version_is_not_continued(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    server.stated[BIN] = {"ETag": 'W/"weak"'}
    server.manners[BIN].append(Manner(drop_after=100_000))
    assert_complete(downloader.download(offer))
    assert server.ranges(BIN) == [None, None]


# Sources that fail


@pytest.mark.parametrize(
    "manner",
    [
        Manner(status=404),
        Manner(status=403),
        Manner(status=500),
        Manner(status=429, headers={"Retry-After": "0"}),
        Manner(drop_after=0),
        Manner(drop_after=300_000, ignores_range=True),
        Manner(stall_after=0),
        Manner(content=PAGE, headers={"Content-Type": "text/html"}),
        Manner(content=PAGE),
        Manner(content=b"not weights"),
        Manner(content=b""),
        Manner(redirect="http://127.0.0.1:1/nobody"),
        Manner(redirect="http://127.0.0.1:99999/nobody"),
        Manner(redirect="http://127.0.0.1:0/nobody"),
        Manner(redirect="http://[127.0.0.1/nobody"),
        Manner(redirect="file:///etc/passwd"),
        Manner(redirect="/one/pytorch_model.bin"),
        Manner(announced=1000, headers={"X-Linked-Size": str(len(WEIGHTS))}),
        Manner(headers={"Content-Encoding": "gzip"}),
        Manner(headers={"X-Linked-ETag": '"' + "0" * 64 + '"'}),
        Manner(announced=len(WEIGHTS) // 2),
        Manner(content=WEIGHTS[: len(WEIGHTS) // 2], chunked=True),
        Manner(content=WEIGHTS[1000:]),
        Manner(content=b"PK\x03\x04" + WEIGHTS[1000:]),
        Manner(chunked=True, content=make_weights(bytes(1_500_000))),
        Manner(content=make_weights(bytes(1_500_000))),
        Manner(announced=10**13),
    ],
)
def test_the_next_source_is_tried(
    downloader: Downloader, offer: Offer, server: FileServer, manner: Manner
) -> None:
    server.always[BIN] = manner
    told: list[DownloadProgress] = []
    assert_complete(downloader.download(offer, (), told.append))
    assert told[-1].source == "two"
    assert told[-1].done_bytes == told[-1].total_bytes
    assert "/two/config.json" not in {each.path for each in server.asked}


def test_sources_are_tried_in_the_order_asked_for(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    server.always["/three/config.json"] = Manner(status=404)
    assert_complete(downloader.download(offer, ("three", "two")))
    assert {each.path[:4] for each in server.asked} == {"/thr", "/two"}
    error = failing(downloader, offer, "one", "elsewhere")
    assert (error.code, error.values["source"]) == (ErrorCode.SOURCE_UNKNOWN, "elsewhere")


def test_another_source_continues_only_what_is_certainly_the_same(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    keep_part(downloader, offer, server, 100_000)
    server.always[BIN] = Manner(status=500)
    assert_complete(downloader.download(offer))
    assert server.ranges("/two/pytorch_model.bin") == [None]

    downloader.forget("small")
    for source in ("one", "two"):
        server.stated[f"/{source}/pytorch_model.bin"] = LINKED
    del server.always[BIN]
    keep_part(downloader, offer, server, 100_000)
    server.always[BIN] = Manner(status=500)
    assert_complete(downloader.download(offer))
    assert server.ranges("/two/pytorch_model.bin") == ["bytes=100000-"]


def test_another_source_that_states_no_hash_begins_again(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    server.stated[BIN] = LINKED
    keep_part(downloader, offer, server, 100_000)
    server.always[BIN] = Manner(status=500)
    assert_complete(downloader.download(offer))
    assert server.ranges("/two/pytorch_model.bin") == ["bytes=100000-", None]


# Content


def test_a_pinned_file_is_compared(downloader: Downloader, server: FileServer) -> None:
    pinned = make_offer(server.address, pytorch_model=SHA256)
    server.files[BIN] = OTHER_WEIGHTS
    assert_complete(downloader.download(pinned))
    assert server.sent("/two/pytorch_model.bin") == len(WEIGHTS)


def test_what_a_file_was_the_first_time_it_must_be_ever_after(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    downloader.download(offer)
    downloader.drop("small")
    for source in SOURCES:
        server.files[f"/{source}/pytorch_model.bin"] = OTHER_WEIGHTS
    error = failing(downloader, offer)
    assert error.code is ErrorCode.DOWNLOAD_DAMAGED
    assert error.values["sources"] == "one, two, three"
    assert downloader.forget("small")
    downloader.download(offer)
    assert not Downloader(Path("/nowhere")).kept_bytes("small")


def test_what_only_the_download_says_is_no_truth_before_a_model_was_made_of_it(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    server.stated["/one/vocab.txt"] = {
        "X-Linked-ETag": hashlib.sha256(FILES["vocab.txt"]).hexdigest()
    }
    server.files[BIN] = OTHER_WEIGHTS
    folder = downloader.download(offer)
    (folder / "pytorch_model.bin").unlink()  # by a person, who wants it anew
    server.files[BIN] = WEIGHTS
    assert_complete(downloader.download(offer))

    assert downloader.distrust("small") == ["one"]
    assert [path.name for path in folder.iterdir()] == ["vocab.txt"]
    assert downloader.distrust("small") == []
    server.asked.clear()
    assert_complete(downloader.download(offer, ("two",)))
    assert {each.path for each in server.asked} == {
        "/two/config.json",
        "/two/pytorch_model.bin",
    }


def test_a_file_that_was_altered_on_disk_comes_again(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    folder = downloader.download(offer)
    (folder / "vocab.txt").write_bytes(FILES["vocab.txt"].replace(b"P", b"X"))
    assert_complete(downloader.download(offer))
    assert server.sent("/one/vocab.txt") == 2 * len(FILES["vocab.txt"])


def test_a_part_that_was_altered_on_disk_costs_another_try(
    downloader: Downloader, offer: Offer, server: FileServer, tmp_path: Path
) -> None:
    server.stated[BIN] = LINKED
    keep_part(downloader, offer, server, 100_000)
    part = tmp_path / "downloads" / "small" / "pytorch_model.bin.part"
    part.write_bytes(bytes(part.stat().st_size))
    assert_complete(downloader.download(offer))
    assert server.ranges(BIN) == ["bytes=100000-", None]


@pytest.mark.parametrize("note", [b"", b"[]", b'{"url": 3}', b"\xff", b'{"validator": "x"}'])
def test_a_part_nobody_knows_anything_of_begins_again(
    downloader: Downloader, offer: Offer, server: FileServer, tmp_path: Path, note: bytes
) -> None:
    keep_part(downloader, offer, server, 100_000)
    (tmp_path / "downloads" / "small" / "pytorch_model.bin.part.json").write_bytes(note)
    assert_complete(downloader.download(offer))
    assert server.ranges(BIN) == [None]


def test_a_login_page_is_told_as_such(
    downloader: Downloader, offer: Offer, server: FileServer, tmp_path: Path
) -> None:
    keep_part(downloader, offer, server, 100_000)
    for source in SOURCES:
        server.always[f"/{source}/pytorch_model.bin"] = Manner(content=PAGE)
    assert failing(downloader, offer, "one").values["trouble"] == "web-page"
    # The network was in the way; what came before is not lost for it.
    part = tmp_path / "downloads" / "small" / "pytorch_model.bin.part"
    assert part.stat().st_size == 100_000
