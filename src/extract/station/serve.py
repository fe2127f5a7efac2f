"""The command `extract review`: start the station, say where it is, and write the CSVs when it ends."""

from __future__ import annotations

import getpass
import signal
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console

from extract.corrections import FILE
from extract.errors import OutputError
from extract.settings import Settings
from extract.station.server import Server
from extract.station.station import Station


def serve(
    output: Path, archives: Sequence[Path], who: str, *, port: int, browser: bool, console: Console
) -> None:
    """Serve the review page of OUTPUT until it is stopped (Ctrl-C or SIGTERM), then write the CSVs.

    Raises InputNotFoundError where OUTPUT has no dataset, and OutputError where the port or the store is taken.
    """
    station = Station(output, archives, who or _name(), Settings())
    try:
        server = Server(station, port)
    except OSError as error:
        raise OutputError(f"cannot listen on 127.0.0.1:{port}: {error}; choose another --port") from error
    with server:
        _stop_on_signals(server)
        waiting = station.state("doubtful")["waiting"]
        console.print(f"{waiting:,} cells wait for a look; decisions go to {output / FILE}", markup=False)
        console.print(f"open   {server.url}", markup=False)
        console.print("stop   Ctrl-C; the CSVs are then written", markup=False)
        if browser:
            webbrowser.open(server.url)
        server.serve_forever(poll_interval=0.2)
    station.save()
    console.print(f"CSVs in {output}", markup=False)


def _stop_on_signals(server: Server) -> None:
    """Let a person or the system end the serving, even before it has begun; a second signal finds the usual handler."""

    def stop(signum: int, _: FrameType | None) -> None:
        signal.signal(signum, signal.default_int_handler)
        threading.Thread(target=server.shutdown, daemon=True).start()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)


def _name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name, as in some containers
        return "unknown"
