"""What the panels share that make several pictures of one photo: the job, its two buttons, its end with the photo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import gradio as gr

from headshot.studio.session import Sitting
from headshot.types import Headshot
from headshot.ui.components.events import QUIET, Answer
from headshot.ui.make.form import form, form_values
from headshot.ui.make.parts import MakePage, Parts
from headshot.ui.make.session import MakeSession
from headshot.ui.session_state import session_state


class Job(Protocol):
    """Work on a photo, begun by one visitor: `stop` keeps what is done, `close` forgets it."""

    sitting: Sitting

    def stop(self) -> None: ...

    def close(self) -> None: ...


class JobPanel:
    """A panel with a job. Made before the layout, which places the buttons by `buttons`; then `wire`."""

    make: gr.Button
    stop: gr.Button

    def __init__(self, name: str) -> None:
        """`name`: what the ids of its components begin with."""
        self.name = name
        self.job = session_state()

    def buttons(self, label: str) -> None:
        """Lay out the button that begins the job, and the one that stops it."""
        self.make = gr.Button(label, elem_id=f"{self.name}-make")
        self.stop = gr.Button("Stop, keep what is done", elem_id=f"{self.name}-stop", visible=False)

    @property
    def idle(self) -> Answer:
        """The buttons while no job runs."""
        return {self.make: gr.update(visible=True), self.stop: gr.update(visible=False)}

    @property
    def busy(self) -> Answer:
        """The buttons while a job runs."""
        return {self.make: gr.update(visible=False), self.stop: gr.update(visible=True)}

    def wire(
        self,
        page: MakePage,
        parts: Parts,
        work: Callable[..., Iterator[Any]],
        given: list[gr.Component],
        empty: Answer,
        more: tuple[gr.Component, ...] = (),
    ) -> None:
        """Wire the buttons, and the end of the job with its photo.

        `work` gets the session, the consent, the values of `given`, the engine and the form; it answers the job, the
        buttons, the components of `empty` (which is the answer that empties them) and `more`.
        """

        def halt_job(job: Job | None) -> None:
            if job is not None:
                job.stop()

        def forget(session: MakeSession | None, job: Job | None) -> Any:
            if job is None or belongs(job, session):
                return gr.skip()
            job.close()
            return {self.job: None, **empty}

        inputs = [parts.session, parts.consent, *given, parts.engine, *form(parts)]
        outputs = [self.job, *empty, *more, self.make, self.stop]
        self.make.click(work, inputs, outputs, concurrency_limit=2, **QUIET)
        self.stop.click(halt_job, self.job, None, **QUIET)
        for event in page.photo_events:
            event.success(forget, [parts.session, self.job], [self.job, *empty], **QUIET)


def belongs(job: Job, session: MakeSession | None) -> bool:
    """Whether a job is on the photo that is there."""
    return session is not None and job.sitting is session.sitting


def taken_outputs(page: MakePage, parts: Parts) -> list[gr.Component]:
    """The outputs of `taken`."""
    return [*form(parts), parts.engine, *page.shown]


def taken(page: MakePage, parts: Parts, session: MakeSession, result: Headshot) -> Answer:
    """Make a result the current picture of the stage."""
    session.begin()  # cancel an older request, which would show its picture over this one
    session.keep(result)
    values = form_values(parts, result.direction, result.engine)
    return {**values, **page.show(session, result)}
