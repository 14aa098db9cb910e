"""wengert schema: the JSON Schema of a spec, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wengert.cli import options
from wengert.cli.output import Output
from wengert.cli.streams import quiet_stdout
from wengert.lang.schema import schema as made_schema
from wengert.show.formats import Content
from wengert.show.look import look_of
from wengert.tape.primitives import VOCABULARY

if TYPE_CHECKING:
    from wengert.show.document import Document
    from wengert.verify.judge import Judge


def schema(judge: Judge | None, output: options.Output = None) -> int:
    """Print the JSON Schema of a spec file: an editor completes and checks specs with it.

    \b
    Examples:
      wengert schema -o wengert.schema.json
      wengert schema | head -20
    """
    out = Output("json", output, False)
    try:
        out.write(Content(_no_document, lambda: made_schema(VOCABULARY)), look_of())
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
    return 0


def _no_document() -> Document:
    raise AssertionError("a schema has no other format than JSON")
