"""The commands that show a dataset in a browser: review, atlas. What they need is loaded by the command that needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Output = Annotated[Path, typer.Argument(metavar="OUTPUT", help="Folder that `extract run` wrote.")]
Archive = Annotated[
    list[Path] | None,
    typer.Option("--archive", help="Where the published files are, if not where the run found them."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (review, atlas):
        app.command()(command)


def review(
    output: Output,
    archive: Archive = None,
    who: Annotated[str, typer.Option("--who", help="Your name in corrections.csv.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in your browser.")] = True,
) -> None:
    """Check doubtful cells beside their pictures, in a page that only this machine can open."""
    from extract.station.serve import serve  # noqa: PLC0415

    serve(output, archive or [], who, port=port, browser=browser, console=_console())


def atlas(
    output: Output,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the pages; OUTPUT/atlas if not said.")
    ] = None,
    archive: Archive = None,
    pictures: Annotated[int, typer.Option(min=0, help="Errors shown as they stand in print, at most.")] = 200,
) -> None:
    """Write pages that open from disk: coverage, agencies, measures, publishers' errors."""
    from extract.atlas.write import write_atlas  # noqa: PLC0415

    first = write_atlas(output, to, archive or [], pictures=pictures)
    _console().print(f"open {first}", markup=False)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
