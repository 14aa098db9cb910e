"""How `trace` and `diff` show what they found: the options that bear on the document, checked before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass

from wengert.cli.output import Output
from wengert.show.chosen import Chosen
from wengert.show.formats import FORMATS


@dataclass(frozen=True)
class Shown:
    """The options as they were typed."""

    format: str | None
    output: str | None
    chosen: Chosen
    standalone: bool = False

    def to(self) -> Output:
        """Where the document goes. Raises UsageError for options that contradict one another or mean nothing."""
        output = Output(self.format, self.output, self.chosen.ascii, standalone=self.standalone)
        self.chosen.check(FORMATS[output.format])
        return output
