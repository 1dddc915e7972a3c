"""Proxies of the environment and of the system's settings, and such as do not work."""

import threading
from dataclasses import replace

import pytest

from memoryhunter.domain.errors import ErrorCode
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download import proxies, remote
from memoryhunter.engine.download.downloader import Downloader
from memoryhunter.engine.prepare.progress import PreparationCancelledError
from tests.engine.download.conftest import FILES, SOURCES, assert_complete, failing, make_offer
from tests.engine.download.server import FileServer, Manner
from tests.engine.download.socks import socks_proxy

HTTP, HTTPS = "http://models.invalid/x", "https://models.invalid/x"


@pytest.mark.parametrize(
    ("settings", "url", "proxy"),
    [
        # macOS, as urllib gives it
        ({"http": "http://here:80", "https": "http://here:81"}, HTTPS, "http://here:81"),
        ({"socks": "http://here:1080"}, HTTPS, "socks5://here:1080"),
        ({"http": "http://here:80", "socks": "http://here:1080"}, HTTP, "http://here:80"),
        ({"ftp": "http://here:80"}, HTTPS, None),
        # Windows: one for all, one for SOCKS only, and one that people write out
        ({"http": "http://here:80", "https": "http://here:80"}, HTTPS, "http://here:80"),
        (
            {
                "http": "socks4://here:1080",
                "https": "socks4://here:1080",
                "socks": "socks://here:1080",
            },
            HTTPS,
            "socks5://here:1080",
        ),
        ({"https": "socks5://here:1080"}, HTTPS, "socks5://here:1080"),
        ({}, HTTPS, None),
    ],
)
def test_the_settings_of_the_system(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], url: str, proxy: str | None
) -> None:
    monkeypatch.setattr(proxies, "getproxies", lambda: settings)
    monkeypatch.setattr(proxies, "proxy_bypass", lambda _host: False)
    assert proxies.proxy_for(url) == proxy
    monkeypatch.setattr(proxies, "proxy_bypass", lambda _host: True)
    assert proxies.proxy_for(url) is None


@pytest.mark.parametrize(
    ("name", "value", "proxy"),
    [
        ("https_proxy", "here:80", "http://here:80"),
        ("HTTPS_PROXY", " http://here:80 ", "http://here:80"),
        ("ALL_PROXY", "socks://here:1080/", "socks5://here:1080/"),
        ("all_proxy", "socks5h://me:secret@here:1080", "socks5h://me:secret@here:1080"),
        # Written out by a person, it is not taken for another version.
        ("all_proxy", "socks4://here:1080", "socks4://here:1080"),
        ("http_proxy", "here:80", None),
    ],
)
def test_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, proxy: str | None
) -> None:
    monkeypatch.setattr(proxies, "getproxies", lambda: {"https": "http://system:80"})
    monkeypatch.setenv(name, value)
    assert proxies.proxy_for(HTTPS) == proxy


def test_a_proxy_is_looked_up_once_for_each_request(
    downloader: Downloader, offer: Offer, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def look_up(url: str) -> str | None:
        looked_up.append(url)
        return proxies.proxy_for(url)

    monkeypatch.setattr(remote, "proxy_for", look_up)
    assert_complete(downloader.download(offer))
    assert len(looked_up) == len(server.asked)


def test_cancelling_while_the_system_decides_about_the_proxy(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def decide(_host: str) -> bool:
        asked.set()
        answer.wait(20)
        return True

    monkeypatch.setattr(proxies, "proxy_bypass", decide)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(PreparationCancelledError):
        downloader.download(make_offer("http://models.invalid"), (), None, asked.is_set)
    assert not answer.is_set()
    answer.set()


def test_a_wrong_proxy_is_named_without_its_password(
    downloader: Downloader, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://me:secret@127.0.0.1:1")
    error = failing(downloader, offer)
    assert (error.code, error.values["proxy"]) == (ErrorCode.PROXY_FAILED, "http://127.0.0.1:1")
    assert "secret" not in str(error)
    monkeypatch.setenv("http_proxy", "http://me:sec/ret@127.0.0.1:1")
    error = failing(downloader, offer)
    assert (error.code, error.values["proxy"]) == (ErrorCode.PROXY_FAILED, "http://127.0.0.1:1")
    assert "sec" not in str(error)


@pytest.mark.parametrize(
    "proxy",
    [
        "nonsense://x",
        "socks4://127.0.0.1:1080",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "127.0.0.1:x",
        "http://[127.0.0.1",
    ],
)
def test_a_proxy_that_is_none_is_named(
    downloader: Downloader,
    offer: Offer,
    server: FileServer,
    monkeypatch: pytest.MonkeyPatch,
    proxy: str,
) -> None:
    monkeypatch.setenv("http_proxy", proxy.replace("//", "//me:secret@"))
    error = failing(downloader, offer)
    assert error.code is ErrorCode.PROXY_FAILED
    assert str(error.values["proxy"]).removeprefix("http://") == proxy.removeprefix("http://")
    assert "secret" not in str(error)
    assert server.asked == []


def test_a_proxy_is_used_and_can_be_bypassed(
    downloader: Downloader, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = make_offer("http://models.invalid")
    for source in SOURCES:
        for name in FILES:
            address = f"/{source}/{name}"
            server.files[f"http://models.invalid{address}"] = server.files[address]
    monkeypatch.setenv("http_proxy", server.address.removeprefix("http://"))
    assert_complete(downloader.download(offer))
    monkeypatch.setenv("no_proxy", "models.invalid")
    downloader.drop("small")
    assert failing(downloader, offer).code is ErrorCode.NO_NETWORK


def test_a_proxy_that_opens_no_tunnel(
    downloader: Downloader, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", server.address)
    error = failing(downloader, make_offer("https://models.invalid"))
    assert (error.code, error.values["proxy"]) == (ErrorCode.PROXY_FAILED, server.address)
    assert "501" in str(error.values["detail"])


@pytest.mark.parametrize("scheme", ["socks5", "socks"])
def test_a_socks_proxy(
    downloader: Downloader, server: FileServer, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    host, port = server.address.removeprefix("http://").split(":")
    with socks_proxy(host, int(port)) as (address, asked):
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://{address}/")
        assert_complete(downloader.download(make_offer("http://models.invalid")))
        assert set(asked) == {"models.invalid"}
    error = failing(downloader, replace(make_offer("http://models.invalid"), id="other"))
    assert (error.code, error.values["proxy"]) == (ErrorCode.PROXY_FAILED, f"socks5://{address}/")


def test_a_proxy_that_wants_a_password_is_not_the_server(
    downloader: Downloader, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = make_offer("http://models.invalid")
    for source in SOURCES:
        server.always[f"http://models.invalid/{source}/config.json"] = Manner(407)
    monkeypatch.setenv("http_proxy", server.address)
    error = failing(downloader, offer)
    assert (error.code, error.values["proxy"]) == (ErrorCode.PROXY_FAILED, server.address)
    assert f"{server.address}: it wants a name and a password" in str(error.values["detail"])


def test_a_socks_proxy_that_is_none_is_named(
    downloader: Downloader, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = server.address.replace("http:", "socks5:")
    monkeypatch.setenv("all_proxy", proxy)
    error = failing(downloader, make_offer("http://models.invalid"))
    assert (error.code, error.values["proxy"]) == (ErrorCode.PROXY_FAILED, proxy)
    assert proxy in str(error.values["detail"])
