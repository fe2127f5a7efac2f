"""A worker process: waits on its standard input for work, does it, hands back the result on its standard output.

    python -m extract.worker MODULE:FUNCTION

Messages are pickles behind their length in eight bytes. The worker ends when its input does. It dies with the process
that started it, and opens no connection to anywhere: a report that names an address cannot make it ask there.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import pickle
import signal
import sys
import threading
import time
from importlib import import_module
from typing import IO, Any

_KILL_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux."""
if sys.platform != "win32":
    import resource
OFFLINE = "EXTRACT_OFFLINE"
"""Environment variable: where set the worker may open no connection."""
READY, RESULT, FAULT = "ready", "result", "fault"


def serve(task: str, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Do the work that comes in on `requests`, one piece at a time, until there is no more."""
    module, _, name = task.partition(":")
    work = getattr(import_module(module), name)
    send(replies, (READY, None))
    while (arguments := receive(requests)) is not None:
        try:
            reply = (RESULT, work(*arguments))
        except (
            Exception
        ) as error:  # told to the parent, which decides; a worker outlives a faulty piece of work
            reply = (FAULT, f"{type(error).__name__}: {error}")
        send(replies, reply)


def send(stream: IO[bytes], message: Any) -> None:
    """Write a message. Raises OSError where nobody reads any more."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(8, "little"))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any | None:
    """Read a message; None where the stream has come to its end, in the midst of one too."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "little")
    data = stream.read(size)
    return pickle.loads(data) if len(data) == size else None  # noqa: S301 - from our own child or parent


def _die_with_parent() -> None:
    """End this process when the one that started it ends, however that happens."""
    parent = os.getppid()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_KILL_WITH_PARENT, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _stay_offline() -> None:
    def hook(event: str, _: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo"}:
            raise PermissionError("reading a report asks nothing of the network")

    sys.addaudithook(hook)


def main() -> None:
    """Serve on the standard streams; what libraries print goes to standard error."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no core file behind
    faulthandler.enable()
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if os.environ.get(OFFLINE):
        _stay_offline()
    with contextlib.suppress(BrokenPipeError):
        serve(sys.argv[1], requests, replies)
    os._exit(0)  # libraries with threads of their own, such as Tika's, take seconds to end


if __name__ == "__main__":
    main()
