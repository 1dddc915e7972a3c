"""Which proxy an address is asked through, as the environment or the system's settings say.

Windows and macOS are asked for their settings; on Linux, where each desktop has its own, the
environment alone counts (HTTPS_PROXY, ALL_PROXY, NO_PROXY). Scripts that choose a proxy (PAC) are
not run.
"""

from urllib.parse import urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from memoryhunter.engine.download.trouble import SourceError, Trouble


def proxy_for(url: str) -> str | None:
    """Give the address of the proxy for `url`, None where the server is asked directly.

    Looked up at each call: people switch proxies on and off while the program runs. Windows and
    macOS may look the server's name up for it, which takes as long as it takes. Raises
    SourceError for a proxy whose address is none.
    """
    parts = urlsplit(url)
    environment = getproxies_environment()
    proxies = environment or getproxies()
    proxy = (proxies.get(parts.scheme) or proxies.get("all") or "").strip()
    if proxy:
        address = _address(proxy, from_system=not environment)
    elif socks := proxies.get("socks", "").strip():
        # macOS gives it as if it were one for HTTP.
        address = "socks5://" + socks.rpartition("://")[2]
    else:
        return None
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    _check(address)
    return address


def without_password(proxy: str) -> str:
    """Give a proxy's address as it may be shown and logged."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _address(proxy: str, *, from_system: bool) -> str:
    if "://" not in proxy:
        return f"http://{proxy}"
    scheme, _, rest = proxy.partition("://")
    # What desktops call "socks" speaks version 5. urllib calls it version 4 where it is from the
    # settings of Windows, which have no place for a version.
    if scheme.lower() == "socks" or (from_system and scheme.lower() == "socks4"):
        return f"socks5://{rest}"
    return proxy


def _check(proxy: str) -> None:
    try:
        usable = urlsplit(proxy).port != 0
    except ValueError:  # which may quote a piece of the password
        usable = False
    if not usable:
        shown = without_password(proxy)
        detail = f"{shown}: this is not an address with a port from 1 to 65535"
        raise SourceError(Trouble.PROXY, detail, lasting=True, proxy=shown)
