"""Which proxy an address is asked through, as the environment or the system's settings say."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(url: str) -> str | None:
    """Give the address of the proxy for `url`, None where the server is asked directly.

    Looked up at each call: people switch proxies on and off while the program runs.
    """
    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or not parts.hostname or proxy_bypass(parts.hostname):
        return None
    if "://" not in proxy:
        return f"http://{proxy}"
    # What desktops call "socks" speaks version 5.
    return "socks5" + proxy.removeprefix("socks") if proxy.startswith("socks://") else proxy


def without_password(proxy: str) -> str:
    """Give a proxy's address as it may be shown and logged."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
