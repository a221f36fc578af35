"""What the child does between fork and exec so that PostgreSQL ends with us and never runs as root.

These functions run in the forked child: no logging, no locks, only system calls. What they raise reaches the
parent as `subprocess.SubprocessError`.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True) if _LINUX else None
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_CLONE_NEWUSER = 0x10000000  # <linux/sched.h>

Preparation = Callable[[], None]
"""What a child does just before it becomes PostgreSQL."""


def as_we_are(dying: signal.Signals) -> Preparation:
    """Stay who we are; get the signal `dying` when the thread that forked us ends (on Linux)."""
    parent = os.getpid()

    def prepare() -> None:
        _end_with(parent, dying)

    return prepare


def mapped(uid: int, gid: int, place: Path, dying: signal.Signals) -> Preparation:
    """Be `uid` in a user namespace of our own, where that name stands for who we are outside (user_namespaces(7)).

    To the world our files stay ours. Capabilities over other people's files are gone, so the child proves that it
    can still reach `place` before it becomes anything else.
    """
    parent, outer_uid, outer_gid = os.getpid(), os.geteuid(), os.getegid()

    def prepare() -> None:
        if _LIBC is None or _LIBC.unshare(_CLONE_NEWUSER):
            raise OSError(ctypes.get_errno(), "unshare")
        _write("/proc/self/setgroups", "deny")  # demanded before an unprivileged gid_map
        _write("/proc/self/uid_map", f"{uid} {outer_uid} 1")
        _write("/proc/self/gid_map", f"{gid} {outer_gid} 1")
        os.listdir(place)  # noqa: PTH208 - the plain system call
        _end_with(parent, dying)

    return prepare


def dropped(uid: int, gid: int, dying: signal.Signals) -> Preparation:
    """Become `uid` for good. The wish to die with the parent is told last: a change of user would erase it."""
    parent = os.getpid()

    def prepare() -> None:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        _end_with(parent, dying)

    return prepare


def _end_with(parent: int, dying: signal.Signals) -> None:
    """Ask the kernel for `dying` when the parent's thread ends; end now if it already has (prctl(2))."""
    if _LIBC is None:
        return
    if _LIBC.prctl(_PR_SET_PDEATHSIG, int(dying), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(1)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
