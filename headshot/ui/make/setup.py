"""Setting a generator up from the page: what it needs, how large it is, its licence, and only then the download."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from html import escape

from headshot.direction.engine_table import GENERATORS, engine_info
from headshot.direction.ladder import RUNGS
from headshot.engines import EngineStatus, get_engine
from headshot.errors import UserError
from headshot.language import tr
from headshot.weights import store as weights
from headshot.weights.store import Progress


def statuses() -> dict[str, EngineStatus]:
    """How each generator stands, by name."""
    return {name: get_engine(name).status() for name in GENERATORS}


def generator_for(wanted: str) -> str | None:
    """The generator to use: the wanted one if it can run, else the best that can, else None.

    The last listed is the best; on a CPU it is the first, which takes an eighth of the time there.
    """
    now = statuses()
    if wanted in now:
        return wanted if now[wanted].available else None
    here = [name for name in GENERATORS if now[name].available]
    if len(here) > 1:  # only then it matters, and torch is loaded
        from headshot.engines.diffusion.device import kind

        return here[0] if kind() == "cpu" else here[-1]
    return here[0] if here else None


def numbers_for(wanted: str) -> str:
    """The generator whose numbers the page shows: the one that would paint, or could once it is set up."""
    return generator_for(wanted) or (wanted if wanted in GENERATORS else _for_this_machine()[-1])


def _for_this_machine() -> list[str]:
    """The generators that could paint here once they are set up."""
    return [name for name, status in statuses().items() if not status.needs_gpu]


def why_not(wanted: str) -> str:
    """Why the wanted generator cannot paint, and what to do; "" where it can, or none is wanted by name."""
    status = statuses().get(wanted)
    if status is None or status.available:
        return ""
    set_up = "" if status.needs_gpu else tr(", or press “Set up”")
    return f"{tr(status.reason)} {tr(status.hint)}{set_up}."


def rung_reasons() -> dict[str, str]:
    """For each rung that nothing here can do, what it needs; empty where a generator is there."""
    now = statuses()
    if any(s.available for s in now.values()):
        return {}
    least = min((now[name] for name in _for_this_machine()), key=lambda s: s.bytes)
    free = engine_info(least.name).commercial
    words = "needs {size} of weights" if free else "needs {size} of weights, non-commercial licence"
    need = tr(words, size=weights.size(least.bytes))
    return {title: need for at, title in RUNGS if at > 0.25}


def panel_html(*, may_download: bool) -> str:
    """What setting up means, for each generator; the words before anything is downloaded."""
    rows = []
    for status in statuses().values():
        if status.available:
            ready = tr("ready. Licence: {licence}.", licence=tr(status.licence))
            rows.append(f"<li><strong>{escape(status.title)}</strong>: {escape(ready)}</li>")
            continue
        if status.needs_gpu:
            rows.append(f"<li><strong>{escape(status.title)}</strong>: {escape(tr(status.reason))}</li>")
            continue
        more = set(weights.needed(status.name, optional=True)) - set(weights.fetched(status.name))
        extras = weights.size(weights.total_bytes(more))
        size = weights.size(status.bytes)
        need = tr("{size} to download, {extras} more with the extras.", size=size, extras=extras)
        need += f" {escape(tr('Licence: {licence}.', licence=tr(status.licence)))}"
        need += f" {escape(tr('Damaged: {damaged}.', damaged=status.damaged))}" if status.damaged else ""
        command = f"python -m headshot weights --download {status.name}"
        rows.append(f"<li><strong>{escape(status.title)}</strong>: {need}<br><code>{escape(command)}</code></li>")
    ask = (
        tr("Nothing is downloaded before you press the button.")
        if may_download
        else tr("The app's owner can fetch them with the command; visitors cannot.")
    )
    what = tr(
        "Clothes, pose and light are painted by a generator: it makes new pixels that look like you, steered by "
        "your photo or by a measurement of your face. It needs large files that are not part of this app."
    )
    return f'<div class="hs-setup"><p>{escape(what)}</p><ul>{"".join(rows)}</ul><p>{escape(ask)}</p></div>'


def fetch(engine: str, extras: bool = False) -> Iterator[tuple[str, bool]]:
    """Download what `engine` needs and the safety checker, with `extras` also what makes it faster.

    Yields (HTML to show, whether it is over). Faults are told, not raised.
    """
    state: dict[str, Progress] = {}
    fault: list[UserError] = []
    roles = weights.needed(engine, optional=True) if extras else weights.fetched(engine)

    def work() -> None:
        try:
            for role in roles:
                weights.locate(role, download=True, progress=lambda p: state.update(now=p))
        except UserError as error:
            fault.append(error)

    worker = threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(0.5)
        now = state.get("now")
        if now is not None:
            yield progress_html(now, roles.index(now.role) + 1, len(roles)), False
    yield (escape(str(fault[0])), True) if fault else (escape(tr("Everything is here. Choose a rung above.")), True)


def progress_html(now: Progress, number: int, count: int) -> str:
    """A bar, and in words what is being fetched, how large it is and on what terms."""
    title = escape(weights.weight(now.role).title)
    done = tr("{done} of {total}", done=weights.size(now.done), total=weights.size(now.total))
    bar = f'<progress max="{max(now.total, 1)}" value="{now.done}" aria-label="{title}"></progress>'
    message = tr("{number} of {count}: {title}, {done}.", number=number, count=count, title=title, done=done)
    return f"{bar} {message} {escape(tr('Licence: {licence}.', licence=tr(now.licence)))}"
