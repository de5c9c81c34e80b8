"""The named endpoints that judge and choose: a pair, the best of several, as far as you stay you. See docs/api.md."""

from __future__ import annotations

from typing import Literal

from headshot.authenticity.ranking import Ranked
from headshot.direction.engine_table import OWN_PIXELS
from headshot.files.encode import headshot_file
from headshot.studio import BestRequest, FurthestRequest, JudgeRequest, best
from headshot.studio import furthest as studio_furthest
from headshot.studio import judge_pair as judge
from headshot.studio.furthest_search import Trial
from headshot.types import Headshot
from headshot.ui.api.transport import photo_bytes, publish, remarks, request_fields, text, told
from headshot.ui.api.types import Best, Candidate, Furthest, Judgement, Settings, Step
from headshot.ui.components.consent import given
from headshot.ui.server.waiting import while_wanted


def endpoints(*, ask_consent: bool) -> None:
    """Add /judge, /best_of and /furthest to the open gr.Blocks; `ask_consent` as in `api.endpoints`."""

    def judge_pair(original: str, other: str, more: list[str] = [], consent: bool = False, face: str = "") -> Judgement:
        """Judge whether a picture is still the person of a photo, wherever it was made.

        Args:
            original: a photo of the person, base64.
            other: the picture to judge, base64.
            more: up to 4 further photos of the person, base64 each: their own range.
            consent: this is me, or I may use these photos.
            face: whom of several people in the original, as for /headshot.

        Returns:
            report (docs/report.schema.json), notes such as which of several faces was taken.
        """
        with told():
            agreed = given(consent, asked=ask_consent)
            first, second, *further = [photo_bytes(str(photo), agreed) for photo in (original, other, *more)]
            judged = judge(JudgeRequest(original=first, other=second, more=further, face=str(face)))
            return {"report": judged.report.to_json(), "notes": list(judged.notes)}

    def best_of(
        photo: str,
        count: int = 4,
        preset: str = "linkedin",
        settings: Settings = {},
        words: str = "",
        engine: str = "faceid-sd15",
        more: list[str] = [],
        consent: bool = False,
        face: str = "",
        pose: str = "",
    ) -> Best:
        """Paint several seeds of one direction and rank them with a judge that steers no generator.

        Args:
            photo: the photo file, base64.
            count: how many, 2 to 8.
            preset: a look.
            settings: what to change of it; "seed" is the first of the seeds.
            words: your own words for the look.
            engine: a generator that is set up on the server; seeds make no difference to own pixels.
            more: up to 4 further photos of the person, base64 each; with two or more their own range ranks.
            consent: this is me, or I may use these photos.
            face: whom of several people, as for /headshot.
            pose: a photo of anybody, base64, whose pose is taken over.

        Returns:
            pictures, the best first (picture as base64 JPEG with its recipe, seed, distance, copied, sentence), reason,
            notes (what makes no difference, and why), checks (of the photo).
        """
        with told():
            asked = request_fields(
                given(consent, asked=ask_consent),
                photo=photo,
                more=more,
                face=face,
                pose=pose,
                preset=preset,
                settings=settings,
                words=words,
                engine=engine,
            )
            with best(BestRequest(**asked, count=count), while_wanted()) as job:
                assert job.ranking is not None
                return {
                    "pictures": [_ranked(job.results[r.index], r) for r in job.ranking.order],
                    "reason": job.ranking.reason,
                    **remarks(job),
                }

    def furthest(
        photo: str,
        floor: Literal["green", "amber"] = "green",
        preset: str = "linkedin",
        settings: Settings = {},
        words: str = "",
        engine: str = OWN_PIXELS,
        consent: bool = False,
        more: list[str] = [],
        face: str = "",
        pose: str = "",
    ) -> Furthest:
        """Find the strongest change that still passes as the person. At most six pictures are made.

        Args:
            photo: the photo file, base64.
            floor: the worst verdict that is allowed, "green" or "amber".
            preset: a look.
            settings: what to change of it.
            words: your own words for the look; only a generator paints from them.
            engine: a generator walks the ladder of change; "retouch" the strength of its finish.
            consent: this is me, or I may use these photos.
            more: up to 4 further photos of the person, base64 each.
            face: whom of several people, as for /headshot.
            pose: a photo of anybody, base64, whose pose is taken over.

        Returns:
            picture (JPEG, base64, or "" where nothing passed), at (0 to 1), sentence, tried (at, name, verdict,
            likeness, reason of each picture in the order in which it was made; likeness is a distance: 0 is the same
            picture), notes (what makes no difference, and why), checks (of the photo).
        """
        with told():
            asked = request_fields(
                given(consent, asked=ask_consent),
                photo=photo,
                more=more,
                face=face,
                pose=pose,
                preset=preset,
                settings=settings,
                words=words,
                engine=engine,
            )
            with studio_furthest(FurthestRequest(**asked, floor=floor), while_wanted()) as search:
                final, found = search.final(), search.best
                return {
                    "picture": "" if final is None else text(headshot_file(final)),
                    "at": None if found is None else round(found.seen.at, 4),
                    "sentence": search.sentence(),
                    "tried": [_step(trial) for trial in search.tried],
                    **remarks(search),
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


def _step(trial: Trial) -> Step:
    seen = trial.seen
    return {
        "at": round(seen.at, 4),
        "name": trial.name,
        "verdict": seen.state,
        "likeness": seen.likeness,
        "reason": seen.reason,
    }
