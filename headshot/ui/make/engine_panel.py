"""Which engine paints: what of each is installed, how large it is, how long it takes here, and its licence.

An engine that cannot run can be chosen all the same: the page then says why, and how it is set up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from headshot.direction.engine_table import GENERATORS, OWN_PIXELS, engine_info
from headshot.engines import PaintingEngine, get_engine
from headshot.engines.base import EngineStatus
from headshot.language import tr
from headshot.types import Direction, Generate
from headshot.ui.components.events import QUIET
from headshot.ui.components.html import BARE
from headshot.ui.make import setup
from headshot.weights import store as weights

_SHOW = "() => document.querySelector('#setup')?.scrollIntoView({block: 'center', behavior: 'smooth'})"


@dataclass
class EngineParts:
    """The components: what is chosen, what is said of each engine, and the way to set one up."""

    engine: gr.Dropdown
    about: gr.HTML
    go: gr.Button
    measure: gr.Button


def engine_choice() -> EngineParts:
    """Lay the choice out in the open container; `connect` wires it."""
    engine = gr.Dropdown(choices(), value="auto", label="Painted by", info="engine", elem_id="engine")
    about = gr.HTML(about_html(), elem_id="engines", **BARE)
    missing = any(not s.available for s in setup.statuses().values())
    go = gr.Button("Set up a generator", size="sm", elem_id="engines-setup", visible=missing)
    measure = gr.Button("How long does each take here?", size="sm", elem_id="engines-measure")
    return EngineParts(engine, about, go, measure)


def connect(choice: EngineParts, show: Callable[[], Any], panel: Sequence[Any]) -> None:
    """`show` and its outputs `panel` open the set-up. The machine is measured when "How long?" is opened: it loads
    torch.
    """
    choice.measure.click(lambda: about_html(times()), None, choice.about, **QUIET)
    choice.go.click(show, None, list(panel), **QUIET).then(None, None, None, js=_SHOW, **QUIET)


def choices() -> list[tuple[str, str]]:
    """(label, name) for the picker: whether it is here stands in the label."""

    def label(s: EngineStatus) -> str:
        missing = tr("needs a GPU") if s.needs_gpu else tr("not set up, {size}", size=weights.size(s.bytes))
        return f"{s.title}: {tr('ready') if s.available else missing}"

    return [(tr("Automatic"), "auto"), *((label(s), name) for name, s in setup.statuses().items())]


def times() -> dict[str, str]:
    """For each generator about how long a picture and a draft take on this machine. Loads torch."""
    from headshot.engines.diffusion.request import duration_words

    sentences = {}
    for name in GENERATORS:
        engine = get_engine(name)
        if isinstance(engine, PaintingEngine) and not engine.status().needs_gpu:
            (full, where), (draft, _) = (
                engine.estimate(Direction(change=1.0, generate=Generate(mode=mode))) for mode in ("full", "draft")
            )
            sentences[name] = tr(
                "about {full} a picture, {draft} a draft on this machine ({where})",
                full=duration_words(full),
                draft=duration_words(draft),
                where=where,
            )
    return sentences


def cost(painter: str, direction: Direction) -> str:
    """About how long `direction` takes by the generator `painter` on this machine. Loads torch."""
    from headshot.engines.diffusion.request import duration_words

    engine = get_engine(painter)
    if not isinstance(engine, PaintingEngine):
        return ""
    seconds, where = engine.estimate(direction)
    took = duration_words(seconds)
    return tr(
        "{title}: about {took} on this machine ({where})", title=engine_info(painter).title, took=took, where=where
    )


def about_html(took: dict[str, str] | None = None) -> str:
    """A line for each engine; `took` from `times`, where the machine has been measured."""
    own = tr("installed, nothing to download; no AI paints, so it is there at once; Apache-2.0")
    lines = [f"<li><strong>{escape(tr('Own pixels'))}</strong> ({OWN_PIXELS}): {escape(own)}.</li>"]
    for name, s in setup.statuses().items():
        here = "installed, {size}" if s.available else "not installed, {size} to download"
        parts = [tr(here, size=weights.size(s.bytes))]
        if s.needs_gpu:
            parts = [tr("needs a GPU, which is not here")]
        parts += [took[name]] if took and name in took else []
        parts += [*([tr("cannot be used as it is: {damaged}", damaged=s.damaged)] if s.damaged else []), tr(s.licence)]
        lines.append(f"<li><strong>{escape(s.title)}</strong> ({escape(name)}): {escape('; '.join(parts))}.</li>")
    return f'<ul class="hs-quiet hs-engines">{"".join(lines)}</ul>'
