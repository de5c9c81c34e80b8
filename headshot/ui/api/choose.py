"""The named endpoints that judge and choose: a pair, the best of several, as far as you stay you. See docs/api.md."""

from __future__ import annotations

from typing import Literal

from headshot.authenticity.ranking import Ranked
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS, is_own
from headshot.direction.notes import notes_on
from headshot.errors import UserError
from headshot.files.encode import headshot_file
from headshot.photo.decode import open_photo
from headshot.studio import best_of as best
from headshot.studio.furthest import ONLY_FINISH, Far
from headshot.studio.match import match_pair
from headshot.studio.session import Sitting
from headshot.types import Headshot, State
from headshot.ui.api.transport import photo_bytes, publish, text, told
from headshot.ui.api.types import Best, Candidate, Furthest, Judgement, Settings


def endpoints(*, ask_consent: bool) -> None:
    """Add /judge, /best_of and /furthest to the open gr.Blocks; `ask_consent` as in `api.endpoints`."""

    def judge_pair(original: str, other: str, more: list[str] = [], consent: bool = False) -> Judgement:
        """Judge whether a picture is still the person of a photo, wherever it was made.

        Args:
            original: a photo of the person, base64.
            other: the picture to judge, base64.
            more: up to 4 further photos of the person, base64 each: their own range.
            consent: this is me, or I may use these photos.

        Returns:
            report (docs/report.schema.json), notes such as which of several faces was taken.
        """
        with told():
            agreed = consent or not ask_consent
            files = [photo_bytes(str(photo), agreed) for photo in (original, other, *more[:5])]
            photos = [open_photo(data) for data in files]
            match = match_pair(photos[0], photos[1], photos[2:])
            return {"report": match.report(files[1]).to_json(), "notes": list(match.notes)}

    def best_of(
        photo: str,
        count: int = 4,
        preset: str = "linkedin",
        settings: Settings = {},
        words: str = "",
        engine: str = "faceid-sd15",
        more: list[str] = [],
        consent: bool = False,
    ) -> Best:
        """Paint several seeds of one direction and rank them with a judge that steers no generator.

        Args:
            photo: the photo file, base64.
            count: how many, 2 to 8.
            preset: a look.
            settings: what to change of it; "seed" is the first of the seeds.
            words: your own words for the look.
            engine: a generator that is set up on the server; seeds make no difference to own pixels.
            more: further photos of the person, base64 each; with two or more their own range ranks.
            consent: this is me, or I may use these photos.

        Returns:
            pictures, the best first (picture as base64 JPEG with its recipe, seed, distance, copied, sentence), reason,
            notes (what makes no difference, and why).
        """
        with told():
            agreed = consent or not ask_consent
            direction = direct(preset, engine=engine, words=words, overrides=settings)
            if is_own(engine):
                raise best.SEEDLESS
            sitting = Sitting.open(photo_bytes(photo, agreed))
            try:
                sitting.add([open_photo(photo_bytes(str(one), agreed)) for one in more[:4]])
                work = best.candidates(sitting, direction, count, engine=engine)
                results = [item for item in work if isinstance(item, Headshot)]
                ranking = best.order(sitting, results)
            finally:
                sitting.close()
            return {
                "pictures": [_ranked(results[r.index], r) for r in ranking.order],
                "reason": ranking.reason,
                "notes": notes_on(direction, engine),
            }

    def furthest(
        photo: str,
        floor: Literal["green", "amber"] = "green",
        preset: str = "linkedin",
        settings: Settings = {},
        words: str = "",
        engine: str = OWN_PIXELS,
        consent: bool = False,
    ) -> Furthest:
        """Find the strongest change that still passes as the person. At most six pictures are made.

        Args:
            photo: the photo file, base64.
            floor: the worst verdict that is allowed, "green" or "amber".
            preset: a look.
            settings: what to change of it.
            words: your own words for the look; only a generator paints from them.
            engine: a generator walks the ladder of change; "retouch" the strength of its finish.
            consent: this is me, or I may use this photo.

        Returns:
            picture (JPEG, base64, or "" where nothing passed), at (0 to 1), sentence, tried (at, name, verdict,
            likeness, reason of each picture in the order in which it was made; likeness is a distance: 0 is the same
            picture), notes (what makes no difference, and why).
        """
        with told():
            if floor not in ("green", "amber"):  # what a program sends is not checked against the type
                raise UserError(f"The floor is “{str(floor)[:20]}”.", "Send green or amber.")
            direction = direct(preset, engine=engine, words=words, overrides=settings)
            sitting = Sitting.open(photo_bytes(photo, consent or not ask_consent))
            try:
                far = Far(sitting, direction, engine=engine, floor=State(floor))
                for _ in far.work():
                    pass
                final = far.final()
            finally:
                sitting.close()
            found = far.best
            return {
                "picture": "" if final is None else text(headshot_file(final)),
                "at": None if found is None else round(found.seen.at, 4),
                "sentence": far.sentence(),
                "tried": [
                    {
                        "at": round(t.seen.at, 4),
                        "name": t.name,
                        "verdict": t.seen.state,
                        "likeness": t.seen.likeness,
                        "reason": t.seen.reason,
                    }
                    for t in far.tried
                ],
                "notes": [*((ONLY_FINISH,) if far.own else ()), *notes_on(direction, engine)],
            }

    publish(judge_pair, "judge", one_at_a_time=True)
    publish(best_of, one_at_a_time=True)
    publish(furthest, one_at_a_time=True)


def _ranked(result: Headshot, ranked: Ranked) -> Candidate:
    return {
        "picture": text(headshot_file(result)),
        "seed": result.direction.seed,
        "distance": ranked.value,
        "copied": ranked.copied,
        "sentence": ranked.sentence,
    }
