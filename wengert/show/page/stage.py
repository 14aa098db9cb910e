"""What stands beside the tables: the graph or the document's picture, and the player that goes through the steps.

The player is a template: without scripts it is not there. Its words stand in it, so that the script has none of its own.
"""

from __future__ import annotations

from wengert.show.notation.mathml import plain
from wengert.show.words import page as words

_BUTTONS = (
    ("first", words.FIRST, "M6 5v14M19 5l-10 7 10 7z"),
    ("back", words.BACK, "M17 5l-11 7 11 7z"),
    ("forward", words.FORWARD, "M7 5l11 7-11 7z"),
    ("last", words.LAST, "M18 5v14M5 5l10 7-10 7z"),
    ("whole", words.WHOLE, "M4 7h16M4 12h16M4 17h16"),
)


def figure(svg: str, label: str, graph: bool) -> str:
    """A picture that is made already, in a box that scrolls where it is larger."""
    kind = "graph" if graph else "picture"
    return f'<figure class="{kind}" role="group" tabindex="0" aria-label="{plain(label)}">\n{svg}</figure>\n'


def player(graph: bool) -> str:
    buttons = "".join(
        f'<button type="button" data-go="{go}" aria-label="{plain(label)}" title="{plain(label)}">'
        f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg></button>'
        for go, label, path in _BUTTONS
    )
    how = f"{words.HOW} {words.HOW_GRAPH}" if graph else words.HOW
    return f"""<template id="player">
<section class="player" aria-label="{plain(words.STEPS)}">
<div class="panel" role="status" aria-live="polite" aria-label="{plain(words.CURRENT)}">
<p class="progress" data-one="{plain(words.PROGRESS)}" data-all="{plain(words.ALL_STEPS)}"></p>
<p class="how">{plain(how)}</p>
<dl></dl>
</div>
<div class="controls">{buttons}<input type="range" min="0" step="1" aria-label="{plain(words.SLIDER)}"></div>
</section>
</template>
"""
