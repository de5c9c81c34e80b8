"""What joins the rooms for one request: make, contact_sheet, best, furthest, judge_pair. The doors call these.

`make(MakeRequest(photo="me.jpg"))` and the like do all of it; `Sitting`, `direct`, `shoot` and `report_on` are its
steps, for who keeps a photo open. Each is imported when it is first asked for: a command needs one of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from headshot.errors import speak_by
from headshot.language import tr

if TYPE_CHECKING:
    from headshot.direction.direct import direct as direct
    from headshot.studio.best_of import BestJob as BestJob
    from headshot.studio.best_of import best as best
    from headshot.studio.furthest_search import FurthestSearch as FurthestSearch
    from headshot.studio.furthest_search import furthest as furthest
    from headshot.studio.judgement import Judgement as Judgement
    from headshot.studio.judgement import judge_pair as judge_pair
    from headshot.studio.make_job import MakeJob as MakeJob
    from headshot.studio.make_job import make as make
    from headshot.studio.requests import (
        BestRequest as BestRequest,
    )
    from headshot.studio.requests import (
        FurthestRequest as FurthestRequest,
    )
    from headshot.studio.requests import (
        JudgeRequest as JudgeRequest,
    )
    from headshot.studio.requests import (
        MakeRequest as MakeRequest,
    )
    from headshot.studio.requests import (
        SheetRequest as SheetRequest,
    )
    from headshot.studio.requests import (
        TeamRequest as TeamRequest,
    )
    from headshot.studio.result_report import report_on as report_on
    from headshot.studio.session import Sitting as Sitting
    from headshot.studio.session import headshot as headshot
    from headshot.studio.session import shoot as shoot
    from headshot.studio.sheet_job import SheetJob as SheetJob
    from headshot.studio.sheet_job import contact_sheet as contact_sheet
    from headshot.studio.team.job import TeamJob as TeamJob

speak_by(tr)  # every door comes by here

# In which module each of them is.
_MODULES = {
    "headshot.direction.direct": ("direct",),
    "headshot.studio.best_of": ("BestJob", "best"),
    "headshot.studio.furthest_search": ("FurthestSearch", "furthest"),
    "headshot.studio.judgement": ("Judgement", "judge_pair"),
    "headshot.studio.make_job": ("MakeJob", "make"),
    "headshot.studio.requests": (
        "BestRequest",
        "FurthestRequest",
        "JudgeRequest",
        "MakeRequest",
        "SheetRequest",
        "TeamRequest",
    ),
    "headshot.studio.result_report": ("report_on",),
    "headshot.studio.session": ("Sitting", "headshot", "shoot"),
    "headshot.studio.sheet_job": ("SheetJob", "contact_sheet"),
    "headshot.studio.team.job": ("TeamJob",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for, once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)
