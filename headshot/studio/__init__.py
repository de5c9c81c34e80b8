"""What joins the rooms for one request: make, contact_sheet, best, furthest, judge_pair. The doors call these.

`make(MakeRequest(photo="me.jpg"))` and the like do all of it; `Sitting`, `direct`, `shoot` and `report_on` are its
steps, for who keeps a photo open.
"""

from headshot.direction.direct import direct
from headshot.errors import speak_by
from headshot.language import tr
from headshot.studio.best_of import BestJob, best
from headshot.studio.furthest_search import FurthestSearch, furthest
from headshot.studio.judgement import Judgement, judge_pair
from headshot.studio.make_job import MakeJob, make
from headshot.studio.requests import BestRequest, FurthestRequest, JudgeRequest, MakeRequest, SheetRequest, TeamRequest
from headshot.studio.result_report import report_on
from headshot.studio.session import Sitting, headshot, shoot
from headshot.studio.sheet_job import SheetJob, contact_sheet
from headshot.studio.team.job import TeamJob

speak_by(tr)  # every door comes by here

__all__ = [
    "BestJob",
    "BestRequest",
    "FurthestRequest",
    "FurthestSearch",
    "JudgeRequest",
    "Judgement",
    "MakeJob",
    "MakeRequest",
    "SheetJob",
    "SheetRequest",
    "Sitting",
    "TeamJob",
    "TeamRequest",
    "best",
    "contact_sheet",
    "direct",
    "furthest",
    "headshot",
    "judge_pair",
    "make",
    "report_on",
    "shoot",
]
