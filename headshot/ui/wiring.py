"""What happens on the page: each event calls the desk, and its answer goes to the components."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import cv2
import gradio as gr

from headshot import provenance
from headshot.bounds import MAX_SEED
from headshot.engines import DEFAULT
from headshot.errors import UserError
from headshot.types import OWN_TOP, Check, Direction, Headshot, Preview
from headshot.ui import desk as desks
from headshot.ui import keep_panel, setup, setup_panel, words_panel
from headshot.ui import report_card as cards
from headshot.ui.answers import QUIET, in_parts
from headshot.ui.circles import circles_value
from headshot.ui.compare import compare_busy, compare_idle, compare_value
from headshot.ui.compare_tab import connect as connect_compare
from headshot.ui.controls import KEYS
from headshot.ui.desk import Desk, Restored, need
from headshot.ui.download import download_value
from headshot.ui.fields import direction_of, fields, filled
from headshot.ui.findings import checks_html
from headshot.ui.fragments import engine_html, note_html, ticks_html
from headshot.ui.further import add_further as take_further
from headshot.ui.history_panel import connect as connect_history
from headshot.ui.history_panel import history_updates
from headshot.ui.look_panel import connect as connect_look
from headshot.ui.looks import connect as connect_gallery
from headshot.ui.pairs_html import closer_html
from headshot.ui.photo_input import DROPPED, watch_drops
from headshot.ui.yours import Yours

if TYPE_CHECKING:
    from headshot.ui.page import Parts

CONSENT = "This is me, or I may use this photo."
REPORT_EMPTY = (
    '<p class="hs-quiet">As soon as there is a headshot, it is measured here against your photo: '
    "likeness, skin, shape, texture. In words, with the figures behind them.</p>"
)
_CUTTING = "Cutting you out, down to the hair"


def wire(page: gr.Blocks, parts: Parts, looks: Sequence[Direction], *, ask_consent: bool) -> None:
    """Connect the page's components. `looks`: a Direction for each preset, in the gallery's order."""
    p = parts
    settings = fields(p)
    shown = [p.desk, p.view, p.save, p.badge, p.door, p.make, p.candidate, *p.history.outputs]

    def refused(now: Desk | None, agreed: bool) -> str:
        if now is None:
            return " "
        return f"Tick “{CONSENT}” first." if ask_consent and not agreed else ""

    @in_parts
    def live(now: Desk | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """Own pixels at once; where a generator paints, say so and offer the button."""
        if reason := refused(now, agreed):
            yield {p.view: compare_idle(reason)} if now is not None else {p.desk: None}
            return
        assert now is not None
        if values[1] > OWN_TOP and (missing := setup.why_not(engine)):
            yield {p.desk: now, p.view: compare_idle(missing), p.make: gr.update(visible=False)}
            return
        if values[1] > OWN_TOP and (painter := setup.generator_for(engine)) is not None:
            yield {p.desk: now, p.view: compare_idle("Ready to be painted."), p.make: gr.update(visible=True),
                   p.badge: engine_html(_cost(painter, values))}  # fmt: skip
            return
        if "cutout" not in vars(now.sitting):
            yield {p.desk: now, p.view: compare_busy(_CUTTING)}
        try:
            made = desks.draw(now, direction_of(*values), drag=True)
            # Else a newer picture, or another photo, came meanwhile.
            yield _picture(p, now, made) if now.last is made else gr.skip()
        except UserError as fault:
            yield {p.view: compare_idle(str(fault))}

    @in_parts
    def painted(now: Desk | None, agreed: bool, engine: str, *values: Any) -> Iterator[Any]:
        """A generator's previews and pictures."""
        if values[1] <= OWN_TOP:  # Enter in the words, on a rung where nothing is painted
            return
        painter = setup.generator_for(engine)
        if (reason := refused(now, agreed)) or painter is None:
            yield {p.view: compare_idle(reason or setup.why_not(engine) or "No generator is set up here.")}
            return
        assert now is not None
        yield {p.desk: now, p.view: compare_busy("Getting ready")}
        last: Preview | Headshot | None = None
        try:
            for last in desks.paint(now, direction_of(*values, engine=painter), painter):
                number = len(now.candidates) - 1
                yield _preview(p, now, last) if isinstance(last, Preview) else _picture(p, now, last, number)
            if now.last is not last:  # overtaken
                yield gr.skip()
        except UserError as fault:
            yield {p.view: compare_idle(str(fault))}

    def new_seed(again: bool, seed: int) -> int:
        return secrets.randbelow(MAX_SEED) if again else seed

    def add_further(now: Desk | None, paths: list[str] | None) -> str:
        try:
            return note_html(take_further(need(now), paths or []))
        except UserError as fault:
            return note_html(str(fault))

    def pick(now: Desk | None, number: int | None) -> Any:
        if now is None or number is None or number >= len(now.candidates):
            return {p.desk: now}
        return _picture(p, now, now.choose(number), number)

    def measure(now: Desk | None, by_eye: bool) -> Any:
        if by_eye and now is not None and now.last is not None and not now.looked:
            return cards.asked(p.card, now.last.canvas.original, now.last.picture, now.blind)
        measured = desks.measure(now) if now is not None else None
        return gr.skip() if measured is None or now is None else cards.shown(p.card, measured, now.said)

    def answered(now: Desk | None, use: str | None, camera: str | None) -> Any:
        if now is not None:
            now.looked, now.said = True, now.blind.sentence(use, camera)
        return measure(now, True)

    def look_closer(now: Desk | None) -> str:
        found = desks.closer(now) if now is not None else None
        return "" if found is None else closer_html(found)

    def over(before: Desk | None) -> None:
        """What is still being made of the photo before must not come to stand beside the new one."""
        if before is not None:
            before.begin()

    def receive(path: str | None, before: Desk | None, yours: Yours, look: str) -> Any:
        over(before)
        return _received(p, None if path is None else lambda: desks.open_desk(path, before), yours.direction(look))

    def emptied(dropped: bool, before: Desk | None) -> Any:
        if dropped:  # what comes next may be a saved headshot, whose settings are for this photo
            return gr.skip()
        over(before)
        return _received(p, None)

    def receive_example(before: Desk | None, yours: Yours, look: str) -> Any:
        over(before)
        return _received(p, lambda: (desks.open_example(), None), yours.direction(look))

    def click_face(now: Desk | None, yours: Yours, look: str, event: gr.SelectData) -> Any:
        if now is None or len(now.sitting.subject.faces) < 2:
            return gr.skip()
        width = desks.shown_photo(now.sitting).shape[1]
        try:
            chosen = desks.choose_face(now, float(event.index[0]), float(event.index[1]), width)
        except UserError as fault:
            return {p.checks: checks_html([Check("photo", "red", fault.message, fault.hint)])}
        over(now)
        return _received(p, lambda: (chosen, None), yours.direction(look))

    def make_file(now: Desk | None, wanted: str, *values: Any) -> Any:
        try:
            name, mime, data = desks.render_file(need(now), direction_of(*values), wanted)
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None
        marks = ticks_html(provenance.ticks(provenance.read(data))) if mime.startswith("image/") else ""
        return {p.saved: download_value(name, mime, data), p.marks: marks}

    request = [p.desk, p.consent, p.engine, *settings]
    judged = [p.desk, p.card.by_eye]
    newest: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    opened = [p.desk, p.photo, p.checks, p.view, p.save, *p.card.outputs, p.door, p.badge, p.marks, p.engine,
              *settings]  # fmt: skip
    watch_drops(page)
    dropped = gr.Checkbox(False, visible=False)
    changed = [p.photo.clear(emptied, [dropped, p.desk], opened, js=DROPPED, **QUIET)]  # events of another person
    arrived = []
    for arrival in (
        # "multiple": a photo that comes while the one before is being opened must not be lost.
        p.photo.upload(receive, [p.photo, p.desk, p.yours, p.look], opened, trigger_mode="multiple", **QUIET),
        p.example.click(receive_example, [p.desk, p.yours, p.look], opened, **QUIET),
        p.photo.select(click_face, [p.desk, p.yours, p.look], opened, **QUIET),
    ):
        # "always_last": by default Gradio drops a photo that arrives while the one before is still being cut out.
        first = arrival.success(live, request, shown, **newest)
        first.success(measure, judged, p.card.outputs, **newest)
        arrived.append(first)
        changed.append(arrival)
    moved = [p.change.input, p.consent.input, p.engine.input, *(c.input for c in p.controls)]
    gr.on(moved, live, request, shown, concurrency_limit=2, **newest).success(measure, judged, p.card.outputs, **newest)
    seed = p.controls[KEYS.index("seed")]
    started = gr.on([p.make.click, p.words.submit], new_seed, [p.randomize, seed], seed, **QUIET)
    started.success(painted, request, shown, trigger_mode="multiple", concurrency_limit=2, **QUIET).success(
        measure, judged, p.card.outputs, **newest
    )
    p.further.upload(add_further, [p.desk, p.further], p.further_note, **QUIET)
    p.candidate.input(pick, [p.desk, p.candidate], shown, **QUIET).success(measure, judged, p.card.outputs, **newest)
    p.card.by_eye.input(measure, judged, p.card.outputs, **newest)
    p.card.go.click(answered, [p.desk, p.card.use, p.card.camera], p.card.outputs, **QUIET)
    p.card.closer.expand(look_closer, p.desk, p.card.closer_view, show_progress="minimal", api_visibility="private")
    p.save.click(make_file, [p.desk, p.kind, *settings], [p.saved, p.marks], show_progress="full",
                 show_progress_on=p.save,
                 api_visibility="private")  # fmt: skip
    setup_panel.connect(p.setup, p, may_download=not ask_consent)
    drawn: Any = (live, request, shown)
    report: Any = (measure, judged, p.card.outputs)
    words_panel.connect(p, live=drawn, measured=report)
    keep_panel.connect(p, live=drawn, measured=report)
    common: dict[str, Any] = {"picture": lambda now, made: _picture(p, now, made), "measured": report, "shown": shown,
                              "changed": changed}  # fmt: skip
    connect_look(p.look_file, p, live=drawn, measured=report)
    connect_gallery(page, p, looks, arrived, live=drawn, measured=report)
    connect_compare(p.compare, p, refused=refused, **common)
    connect_history(p.history, p, preview=lambda now, item: _preview(p, now, item), **common)


def _cost(painter: str, values: Sequence[Any]) -> str:
    from headshot.engines import get_engine
    from headshot.engines.generator import FaceIDGenerator
    from headshot.engines.request import spoken

    engine = get_engine(painter)
    assert isinstance(engine, FaceIDGenerator)
    seconds, where = engine.estimate(direction_of(*values, engine=painter))
    return f"{engine.spec.title}: about {spoken(seconds)} on this machine ({where})"


def _picture(p: Parts, now: Desk, result: Headshot, number: int = 0) -> dict[Any, Any]:
    eyes = desks.eyes_box(result.canvas)
    note = " ".join(result.notes) or "Framed alike, eyes on one line."
    own = result.engine == "retouch"
    made = "Made of your own pixels" if own else f"Painted by {result.engine}, {result.kept:.0%} of the face your own"
    several = len(now.candidates) > 1
    choices = [(f"Picture {i + 1}", i) for i in range(len(now.candidates))]
    return {
        p.desk: now,
        p.view: compare_value(result.canvas.original, result.picture, eyes, note),
        p.save: gr.update(interactive=True),
        p.badge: engine_html(made, result.seconds),
        p.door: circles_value(result.canvas.original, result.picture, eyes),
        p.make: gr.update(visible=not own),
        p.candidate: gr.update(choices=choices, value=number if several else None, visible=several),
        **history_updates(p.history, now),
    }


def _preview(p: Parts, now: Desk, item: Preview) -> dict[Any, Any]:
    share = item.step / item.steps if item.steps else None
    left = f"step {item.step} of {item.steps}" + (f", {item.remaining:.0f} s left" if item.remaining else "")
    busy = compare_busy(item.note or left, share)
    last = now.last
    if item.picture is None or last is None:
        return {p.view: busy}
    height, width = item.picture.shape[:2]
    original = cv2.resize(last.canvas.original, (width, height), interpolation=cv2.INTER_AREA)
    return {p.view: compare_value(original, item.picture) | busy}


def _received(
    p: Parts, open_it: Callable[[], tuple[Desk, Restored | None]] | None, own: Direction | None = None
) -> dict[Any, Any]:
    """The answer to a new photo; None: the field was emptied. `own`: the chosen look, where it is the visitor's."""
    empty = {p.desk: None, p.view: None, p.save: gr.update(interactive=False), p.door: None, p.badge: "", p.marks: "",
             **cards.cleared(p.card)}  # fmt: skip
    if open_it is None:
        return {**empty, p.checks: ""}
    try:
        now, restored = open_it()
    except UserError as fault:
        # The field is emptied, so that the next try starts clean; all that was chosen stays.
        return {**empty, p.photo: None, p.checks: checks_html([Check("photo", "red", fault.message, fault.hint)])}
    answer = {p.desk: now, p.photo: desks.shown_photo(now.sitting), p.view: compare_busy(_CUTTING), p.marks: "",
              p.checks: checks_html(now.sitting.subject.checks)}  # fmt: skip
    if own is not None:
        now.unseen.hold_look(own)  # words that no control shows: a new desk does not know them
    if restored is not None:
        now.unseen.hold(restored.direction)
        engine, missing = painter_of(restored)
        answer |= {**filled(p, restored.direction), p.engine: engine}
        answer[p.marks] = note_html(f"This is a saved headshot: the settings that made it are back. {missing}".strip())
    return answer


def painter_of(restored: Restored) -> tuple[str, str]:
    """What "Painted by" is set to for a saved headshot, and a sentence where its engine cannot paint it again here."""
    name, known = restored.engine, setup.statuses()
    if name in known:
        missing = "" if known[name].available else f"It was painted by {known[name].title}, which is not set up here."
        return name, missing
    return "auto", "" if name == DEFAULT else f"It was painted by “{name}”, which this app does not know."
