"""A machine without a network but for one way out, on which everything that is sent is counted.

To be used in a network namespace of its own. Every address beyond loopback is
routed to an interface behind which nobody is; the system counts the packets
given to it, and what found no route at all.
"""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from pathlib import Path

NAME = "way-out"
_RESOLVER = "nameserver 198.51.100.53\noptions timeout:1 attempts:1\n"
_QUIET = 0.5
"""Seconds in which the interface has told of itself whatever it tells."""


_ALL = 3
"""ETH_P_ALL of linux/if_ether.h: every kind of packet."""


def open_way_out(folder: Path) -> None:
    """Makes loopback and the way out; names would be asked for beyond it, too."""
    _ip("link", "set", "lo", "up")
    if _run("link", "add", NAME, "type", "dummy").returncode:
        _ip("link", "add", NAME, "type", "veth", "peer", "name", "nobody")
        _ip("link", "set", "nobody", "addrgenmode", "none")
        _ip("link", "set", "nobody", "arp", "off", "up")
    _ip("link", "set", NAME, "addrgenmode", "none")
    _ip("link", "set", NAME, "arp", "off", "multicast", "off", "up")  # nor does the system say anything there
    for address, gateway in (("192.0.2.1/24", "192.0.2.254"), ("2001:db8::1/64", "2001:db8::fe")):
        _ip("address", "add", address, "dev", NAME, *(("nodad",) if ":" in address else ()))
        _ip("route", "add", "default", "via", gateway, "dev", NAME)
    resolver = folder / "resolv.conf"
    resolver.write_text(_RESOLVER)
    subprocess.run(["mount", "--bind", resolver, "/etc/resolv.conf"], check=True)
    before = -1
    while before != (before := sent()):
        time.sleep(_QUIET)


def listen() -> list[str]:
    """What is given to the way out from now on, as far as it is readable: that helps to find its sender."""
    heard: list[str] = []
    line = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))
    line.bind((NAME, 0))

    def run() -> None:
        while True:
            packet = line.recv(2000)
            readable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in packet[20:120])
            heard.append(f"{packet[:20].hex()} {readable}")

    threading.Thread(target=run, daemon=True).start()
    return heard


def sent() -> int:
    """Packets that were given to the way out, and sendings that found no route."""
    interfaces = Path("/proc/net/dev").read_text().splitlines()
    (line,) = (line for line in interfaces if line.strip().startswith(f"{NAME}:"))
    packets = int(line.split(":")[1].split()[9])
    return packets + _no_route_4() + _no_route_6()


def _no_route_4() -> int:
    names, values = (
        line for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip: ")
    )
    return int(values.split()[names.split().index("OutNoRoutes")])


def _no_route_6() -> int:
    lines = Path("/proc/net/snmp6").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Ip6OutNoRoutes"))


def _ip(*words: str) -> None:
    done = _run(*words)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr.decode()}"


def _run(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["ip", *words], check=False, capture_output=True)
