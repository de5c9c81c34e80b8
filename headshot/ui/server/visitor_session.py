"""A visitor's session without a copy of all that was shown."""

from __future__ import annotations

from copy import copy
from types import SimpleNamespace
from typing import Any

from gradio.state_holder import SessionState

_NO_PAGE = SimpleNamespace(blocks={}, default_config=SimpleNamespace(blocks={}))


class VisitorSession(SessionState):  # type: ignore[misc]
    """Gradio's session with `config_values` left empty: they are for deep links, which are closed here.

    They would hold what each component showed, photos and pictures among it, and to begin them takes 40 ms in which
    nobody else is answered.
    """

    def __init__(self, blocks: Any) -> None:
        super().__init__(_NO_PAGE)
        self.blocks_config = copy(blocks.default_config)

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass
