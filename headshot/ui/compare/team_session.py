"""A visitor's team: each person made and judged as their photo comes, the photo itself let go of at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from html import escape

from headshot.errors import UserError
from headshot.files.team_index import counted, spreads
from headshot.files.team_wall import tile, wall_page, wall_picture
from headshot.language import tr
from headshot.studio import TeamJob, TeamRequest
from headshot.studio.bounded_work import bounded
from headshot.studio.people import team_of
from headshot.studio.team.shooter import Shot
from headshot.types import Direction
from headshot.ui.components.html import note_html
from headshot.ui.components.uploads import Upload

MOST = 24  # people of one visitor, some .5 MB each; more are the command line's


class TeamSession:
    """`shots` of all who were added, in their order."""

    def __init__(self) -> None:
        self.shots: list[Shot] = []
        self.closed = False

    def expect(self, files: Sequence[Upload]) -> int:
        """How many come. Raises UserError for more than there is room for."""
        if len(self.shots) + len(files) > MOST:
            raise UserError(
                tr("A team here has up to {most} people.", most=MOST), "For more there is the command headshot team."
            )
        return len(files)

    def add(self, files: Sequence[Upload], look: Direction) -> Iterator[Shot]:
        """Make and judge each in `look`. Raises UserError for a look that cannot match people."""
        for file in files:
            number = str(len(self.shots) + 1)
            if self.closed:
                return
            try:
                people = team_of([(number, file.read())])
            except UserError as fault:
                raise UserError(
                    tr("Photo {number}: {message}", number=number, message=fault.message), fault.hint
                ) from None
            shot = _made(TeamJob(TeamRequest(people=people, direction=look)))
            self.shots.append(shot)
            yield shot

    def wall(self) -> bytes:
        """The wall as a JPEG."""
        return wall_picture([tile(shot.row, shot.picture) for shot in self.shots])

    def report(self) -> str:
        """Who is ready, who is not and why, and how alike they are, as HTML."""
        rows = [shot.row for shot in self.shots]
        words = "{people} people: {ready} ready, {look} to look at, {another} need another photo."
        sentences = [tr(words, people=len(rows), **counted(rows))]
        sentences += [f"{row.name}: {' '.join(row.reasons)}" for row in rows if row.state == "another"]
        alike = ", ".join(f"{tr(s.title)} {s.before:.2f} → {s.after:.2f} {tr(s.unit)}" for s in spreads(rows))
        items = "".join(f"<li>{escape(line)}</li>" for line in (*sentences, *([alike] if alike else [])))
        return f'<ul class="hs-quiet" role="status">{items}</ul>' if rows else note_html("")

    def packed(self) -> bytes:
        """All files as headshot team writes them, in one ZIP."""
        rows, out = [shot.row for shot in self.shots], io.BytesIO()
        tiles = [tile(shot.row, shot.picture) for shot in self.shots]
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for shot in self.shots:
                home = "another-photo/" if shot.row.state == "another" else ""
                if shot.picture:
                    archive.writestr(f"{home}{shot.row.file}.jpg", shot.picture)
                    archive.writestr(f"{home}{shot.row.file}.json", shot.report)
            archive.writestr("wall.jpg", wall_picture(tiles))
            archive.writestr("wall.html", wall_page(tiles, rows))
            archive.writestr("team.jsonl", "".join(row.line() for row in rows))
        return out.getvalue()

    def close(self) -> None:
        """Forget everything, also what is being made now."""
        self.closed = True
        self.shots.clear()


@bounded
def _made(job: TeamJob) -> Shot:
    (shot,) = job.work()
    return shot
