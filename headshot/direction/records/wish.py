"""The wish as a whole: how much may change, who it is, words, what to keep."""

from __future__ import annotations

from headshot.direction.records.groups import GENERATED
from headshot.direction.records.painted import expert, painted_text
from headshot.direction.setting import HeededBy, Setting

MAX_WORDS = 500
MAX_SEED = 2**31 - 1  # what Gradio sliders and the FaceID, InstantID and PhotoMaker Spaces use

RECORDS: dict[str, Setting] = {
    "change": Setting(
        "How much may we change you?",
        "strength",
        heeded_by=HeededBy.GENERATOR,
        own_pixels="Your own pixels end at “new backdrop”: the rungs above it need a generator.",
    ),
    "person": painted_text("Who is in the photo, in your own word", "subject word", length=40),
    "words": painted_text("In your words", "prompt", length=MAX_WORDS),
    "avoid": painted_text("Words for what to leave out", "negative prompt", length=MAX_WORDS, group=GENERATED),
    "seed": expert("Variation number", "seed", kind="integer", high=MAX_SEED, step=1, spread=(1, 2, 3, 4)),
    "keep": painted_text(
        "Always keep",
        "lock list",
        length=200,
        own_pixels="Your own pixels are kept in any case: “{}” binds a generator and what is retouched, and the report "
        "looks after it.",
    ),
}
