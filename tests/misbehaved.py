"""What a worker may be asked to do in a test: everything that hostile files bring about, on demand."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def work(what: str, argument: str = "") -> object:
    return _DO[what](argument)


def _grow(_: str) -> None:
    held = []
    while True:
        held.append(b"x" * 20_000_000)
        time.sleep(0.01)


def _native(_: str) -> None:
    """Stay in C code that never lets go of the interpreter."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def _leave_child(argument: str) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = subprocess.Popen(command, start_new_session=True)
    Path(argument).write_text(str(child.pid), encoding="utf-8")
    time.sleep(600)


def _litter(argument: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile(delete=False) as stream:
        stream.write(b"x")
    Path(argument).write_text(stream.name, encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)


def _once(argument: str) -> str:
    """Die the first time, answer the second."""
    if not Path(argument).exists():
        Path(argument).write_text("", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return "answered"


def _connect(_: str) -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1).close()


_DO = {
    "answer": lambda argument: argument, "hang": lambda _: time.sleep(600), "segfault": lambda _: ctypes.string_at(0),
    "exit": lambda _: os._exit(7), "raise": lambda _: 1 // 0, "print": lambda text: print(text) or "printed",
    "big": lambda _: b"x" * 5_000_000, "where": lambda _: os.getpid(), "grow": _grow, "native": _native,
    "leave child": _leave_child, "litter": _litter, "once": _once, "connect": _connect,
}  # fmt: skip
