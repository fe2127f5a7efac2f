"""Zip containers whose bytes depend on their content alone: fixed times, fixed order."""

from __future__ import annotations

import io
import zipfile

_TIME = (2024, 1, 2, 3, 4, 6)


class _GbkName(zipfile.ZipInfo):
    """A member whose name is written in GBK without the UTF-8 flag, as Chinese Windows programs do."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the standard library's name
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def pack(members: dict[str, bytes], gbk: bool = False) -> bytes:
    """Return a zip of the members in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            info = (_GbkName if gbk else zipfile.ZipInfo)(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 0
            file.writestr(info, data)
    return buffer.getvalue()


def repack(data: bytes) -> bytes:
    """Return a zip with the same members and fixed times, such as a docx that another program wrote."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return pack({i.filename: file.read(i) for i in file.infolist() if not i.is_dir()})
