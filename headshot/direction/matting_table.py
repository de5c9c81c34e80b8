"""The matting networks as data: what each is called, on what terms, and where its code is. Nothing is loaded here.

Another one is a file with a function `matte(picture, role)` (`headshot.canvas.cutout.matting` has the protocol) and a
row here, besides the row of its file in weights.toml.
"""

from __future__ import annotations

from dataclasses import dataclass

BUILT_IN = "built-in"  # its name in recipes, on the command line and at the endpoints


@dataclass(frozen=True)
class MattingInfo:
    """One matting network. `network`: "module:function"; `role` of its weights, "" where it needs none of its own.

    `licence` of the weights, in one line. None but the built-in one is ever a default. `in_hair`: whether it leads in
    the hair too; not one that was measured there and found worse than the built-in ones (docs/log.md).
    """

    name: str
    title: str
    licence: str
    network: str = ""
    role: str = ""
    in_hair: bool = True


_BIREFNET = "headshot.photo.networks.birefnet:matte"

MATTINGS: dict[str, MattingInfo] = {
    info.name: info
    for info in (
        MattingInfo(BUILT_IN, "Built in", "Apache-2.0"),
        MattingInfo("rvm", "Robust Video Matting", "GPL-3.0", "headshot.photo.networks.rvm:matte", "rvm", False),
        MattingInfo("modnet", "MODNet", "Apache-2.0", "headshot.photo.networks.modnet:matte", "modnet"),
        MattingInfo("birefnet-lite", "BiRefNet lite", "MIT", _BIREFNET, "birefnet-lite"),
        MattingInfo("birefnet-portrait", "BiRefNet portrait", "MIT", _BIREFNET, "birefnet-portrait"),
    )
}
