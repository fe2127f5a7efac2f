"""LibreOffice, where it is installed: turns an old Word file that nothing else reads into a new one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from extract.errors import ReadError

_NAMES = ("soffice", "libreoffice")
_GRACE = 10


def program() -> str:
    """Return the path of LibreOffice, or an empty text where it is not installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


def docx_of(data: bytes, timeout: float = 120.0) -> bytes:
    """Convert the bytes of a .doc to those of a .docx.

    Runs in a folder and with a profile of its own, so that runs side by side or a LibreOffice that is open do not
    disturb it. Raises ReadError: missing_program, timeout (seconds), damaged.
    """
    office = program()
    if not office:
        raise ReadError("missing_program", "LibreOffice")
    with TemporaryDirectory(prefix="extract-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "in.doc"), Path(folder, "out")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [office, profile, "--headless", "--norestore", "--nolockcheck"]
        _run([*command, "--convert-to", "docx", "--outdir", str(target), str(source)], timeout)
        converted = target / "in.docx"
        if not converted.is_file():
            raise ReadError("damaged", "LibreOffice could not open the file.")
        return converted.read_bytes()


def _run(command: list[str], timeout: float) -> None:
    """Run a command; past its time end it with its children, since the program asked for is only a starter."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait(_GRACE)
            raise ReadError("timeout", f"LibreOffice: {timeout:.0f} s.") from error
