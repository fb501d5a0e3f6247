"""What a server process asks of the operating system before it serves: descriptors, and memory that does not scatter."""

import ctypes
from typing import Final

CONNECTIONS: Final = 8_192
"""Descriptors asked for: the usual soft limit of 1,024 is one slow-loris."""


def room_for_connections() -> None:
    """Let this process have as many descriptors as it needs and may have. Where there is no such limit, nothing happens."""
    try:
        import resource
    except ImportError:  # not a Unix
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if hard == resource.RLIM_INFINITY else min(CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


ARENAS: Final = 2
LARGE: Final = 128 * 1024
"""Bytes from which a block is a mapping of its own, given back when it is freed."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h


def few_arenas() -> None:
    """Let threads share their pools of memory. Otherwise each of eight per core keeps what its largest turn has needed:
    over a million requests that was 50 MiB. `LARGE` is glibc's own first value, which it raises up to 32 MiB as large
    blocks come and go: said outright it stays, and bodies and answers leave no holes. Elsewhere nothing happens."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    for option, value in ((_M_ARENA_MAX, ARENAS), (_M_MMAP_THRESHOLD, LARGE), (_M_TRIM_THRESHOLD, LARGE)):
        mallopt(option, value)
