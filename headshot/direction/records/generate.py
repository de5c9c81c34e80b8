"""The numbers of the generators."""

from __future__ import annotations

from headshot.direction.records.painted import expert
from headshot.direction.setting import Setting

RECORDS: dict[str, Setting] = {
    "generate.mode": expert("Speed", "mode", kind="choice", choices=("draft", "fast", "full")),
    "generate.identity": expert("Likeness", "identity strength, scale", high=3.0, spread=(0.6, 0.8, 1, 1.2)),
    "generate.structure": expert("Shape of the face", "face structure, s_scale", high=3.0, spread=(0.6, 1, 1.4)),
    "generate.guidance": expert("Obey the words", "guidance scale", high=20.0, step=0.5, spread=(2.5, 4, 5.5, 7)),
    "generate.steps": expert(
        "Number of steps", "sample steps", kind="integer", low=1, high=100, step=1, spread=(20, 30, 40)
    ),
    "generate.scheduler": expert(
        "How the steps are taken", "sampler, scheduler", kind="choice", choices=("ddim", "euler", "dpm++", "lcm")
    ),
    "generate.candidates": expert("Number of pictures", "candidates", kind="integer", low=1, high=8, step=1),
    "generate.lora": expert("Help for the likeness", "LoRA strength", high=1.5, spread=(0.5, 0.7, 0.9)),
    "generate.identity_start": expert("Likeness acts from", "start_at"),
    "generate.identity_end": expert("Likeness acts until", "end_at"),
    "generate.guidance_end": expert("Obey the words until", "guidance end"),
}
