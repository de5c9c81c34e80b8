"""Every setting that a person or a preset can turn, as one record each: adding a slider starts here.

The page's controls, the command line, the contact sheet, the one-click adjustments and the notes on ignored settings
all read `SETTINGS`, in its order. What a setting means is said in `headshot.types`. This module knows no engine.
"""

from __future__ import annotations

from functools import partial

from headshot.direction.locks import Place
from headshot.direction.matting_table import MATTINGS
from headshot.direction.phrases import attire_of, expression_of, frame_band, softness_band
from headshot.direction.setting import Adjustment, HeededBy, Setting
from headshot.types import ASPECTS, ATTIRES, BACKDROPS, EXPRESSIONS, GAZES, SIDES, TURNS

MAX_WORDS = 500
MAX_SEED = 2**31 - 1  # what Gradio sliders and the FaceID, InstantID and PhotoMaker Spaces use
CROP, LIGHT, BACKDROP, POSING, RETOUCHING = "Crop", "Light", "Backdrop", "Posing and clothes", "Retouching"
GENERATED = "For generated pictures"

_ONLY_PAINTED = "“{}” makes no difference to your own pixels: only a generator paints from it."
_UNPOSED = "“{}” needs a generator: own pixels keep you as you were photographed."
_SMILE = "Own pixels keep the smile of your photo; a generator can paint another one."
_FACE: tuple[Place, ...] = ("face", "lower face")
_IN_WORDS, _PHOTO = HeededBy.ALL_IN_WORDS, HeededBy.PHOTO
_text = partial(Setting, kind="text", heeded_by=HeededBy.GENERATOR, own_pixels=_ONLY_PAINTED)
_crop = partial(Setting, group=CROP)
_light = partial(Setting, group=LIGHT)
_backdrop = partial(Setting, group=BACKDROP)
_posing = partial(Setting, kind="choice", group=POSING, heeded_by=HeededBy.GENERATOR, own_pixels=_UNPOSED)
_retouching = partial(Setting, group=RETOUCHING)
_face_retouching = partial(_retouching, heeded_by=_PHOTO, finish=True, ways=("more", "less"))
_expert = partial(Setting, group=GENERATED, heeded_by=HeededBy.GENERATOR, own_pixels=_ONLY_PAINTED)


def _end(word: str) -> str:
    return f"That is as {word} as it goes."


SETTINGS: dict[str, Setting] = {
    "change": Setting(
        "How much may we change you?",
        "strength",
        heeded_by=HeededBy.GENERATOR,
        own_pixels="Your own pixels end at “new backdrop”: the rungs above it need a generator.",
    ),
    "person": _text("Who is in the photo, in your own word", "subject word", length=40),
    "words": _text("In your words", "prompt", length=MAX_WORDS),
    "avoid": _text("Words for what to leave out", "negative prompt", length=MAX_WORDS, group=GENERATED),
    "seed": _expert("Variation number", "seed", kind="integer", high=MAX_SEED, step=1, spread=(1, 2, 3, 4)),
    "keep": _text(
        "Always keep",
        "lock list",
        length=200,
        own_pixels="Your own pixels are kept in any case: “{}” binds a generator, and the report looks after it.",
    ),
    "cutout.matting": _backdrop(
        "Cut out by", "matting network", kind="choice", choices=tuple(MATTINGS), heeded_by=_PHOTO
    ),
    "cutout.keep": Setting("Yours in the cut-out", "foreground clicks", kind="places", heeded_by=_PHOTO),
    "cutout.drop": Setting("Not yours in the cut-out", "background clicks", kind="places", heeded_by=_PHOTO),
    "retouch.heal": Setting("Healed spots", "spot healing", kind="places", heeded_by=_PHOTO),
    # A look saved from somebody's own words carries these inside `shot`, hence the room.
    "look.shot": _text("The picture", "prompt: shot", length=800),
    "look.wardrobe": _text("Clothes", "prompt: wardrobe", length=300, repaints=("clothes",)),
    "look.expression": _text("Expression", "prompt: expression", length=300, repaints=_FACE),
    "look.light": _text("Light, in words", "prompt: light", length=300),
    "look.backdrop": _text("Backdrop, in words", "prompt: backdrop", length=300),
    "look.lens": _text("Lens, in words", "prompt: lens", length=300),
    "crop.aspect": _crop("Shape of the picture", "aspect ratio", kind="choice", choices=ASPECTS),
    "crop.head_height": _crop(
        "Size of the head",
        "crown to chin",
        low=0.3,
        high=0.7,
        step=0.01,
        heeded_by=_IN_WORDS,
        band=frame_band,
        ways=("closer", "wider"),
        slider="Closer",
        spread=(0.42, 0.5, 0.58),
        adjustments=(
            Adjustment("closer", "Closer", 0.04, _end("close"), 50),
            Adjustment("wider", "Wider", -0.04, _end("wide"), 60),
        ),
    ),
    "crop.eye_line": _crop(
        "Height of the eyes",
        "eye line from the top",
        low=0.3,
        high=0.5,
        step=0.01,
        heeded_by=_PHOTO,
        spread=(0.38, 0.42, 0.46),
    ),
    "crop.level": _crop("Straighten a tilted head", "roll correction", heeded_by=_PHOTO),
    "crop.lens": _crop(
        "Nearer or farther camera",
        "lens feel: the nose grows or shrinks by at most 3.5% against the ears",
        low=-1.0,
        step=0.1,
        heeded_by=_IN_WORDS,
        spread=(-1, 0, 1),
    ),
    "crop.camera_height": _crop(
        "Lower or higher camera",
        "camera height, at most 1.5 degrees of tilt",
        low=-1.0,
        step=0.1,
        heeded_by=_IN_WORDS,
        spread=(-1, 0, 1),
    ),
    "light.key_side": _light(
        "Main light comes from",
        "key side",
        kind="choice",
        choices=SIDES,
        main_light=True,
        adjustments=(Adjustment("other-side", "Light from the other side", 0.0, "", 80),),
    ),
    "light.strength": _light(
        "Main light", "key light strength", heeded_by=_IN_WORDS, finish=True, ways=("stronger", "weaker")
    ),
    "light.key_height": _light(
        "Height of the main light",
        "key light elevation",
        high=60.0,
        step=5.0,
        unit="degrees",
        heeded_by=_IN_WORDS,
        main_light=True,
        spread=(0, 25, 50),
    ),
    "light.softness": _light(
        "Softness of the light",
        "key light size",
        heeded_by=_IN_WORDS,
        band=softness_band,
        main_light=True,
        ways=("softer", "harder"),
        adjustments=(Adjustment("softer", "Softer light", 0.15, "The light is as soft as it gets.", 70),),
    ),
    "light.fill": _light(
        "Lift the shadow side", "fill light, contrast ratio", heeded_by=_IN_WORDS, spread=(0, 0.4, 0.8)
    ),
    "light.exposure": _light(
        "Brighter or darker",
        "exposure",
        low=-2.0,
        high=2.0,
        step=0.1,
        unit="stops",
        ways=("brighter", "darker"),
        slider="Light",
        spread=(-0.5, 0, 0.5),
        adjustments=(
            Adjustment("brighter", "Brighter", 0.2, _end("bright"), 30, high=1.0),
            Adjustment("darker", "Darker", -0.2, _end("dark"), 40, low=-1.0),
        ),
    ),
    "light.warmth": _light(
        "Cooler or warmer",
        "white balance",
        low=-1.0,
        ways=("warmer", "cooler"),
        slider="Warmth",
        spread=(-0.5, 0, 0.5),
        adjustments=(
            Adjustment("warmer", "Warmer", 0.2, _end("warm"), 10),
            Adjustment("cooler", "Cooler", -0.2, _end("cool"), 20),
        ),
    ),
    "light.balance": _light(
        "Even out exposure and colour", "exposure and white balance", heeded_by=_PHOTO, ways=("more even", "less even")
    ),
    "backdrop.kind": _backdrop(
        "Backdrop",
        kind="choice",
        choices=BACKDROPS,
        adjustments=(
            Adjustment("own-background", "Your own background, blurred", 0.0, "It is there already.", 85, to="blur"),
        ),
    ),
    "backdrop.colour": _backdrop(
        "Backdrop colour",
        kind="colour",
        spread=("#f2f3f3", "#8d9196", "#1f3a5f", "#3b3a39"),
        slider="Backdrop, darker or lighter",
    ),
    "backdrop.texture": _backdrop(
        "Mottled like canvas", "texture: muslin, painted canvas", heeded_by=_IN_WORDS, spread=(0, 0.35, 0.7)
    ),
    "backdrop.falloff": _backdrop("Darker corners", "falloff", heeded_by=_PHOTO),
    "backdrop.blur": _backdrop("Background blur", "bokeh", heeded_by=_PHOTO),
    "backdrop.shadow": _backdrop("Your shadow on the backdrop", "cast shadow", heeded_by=_PHOTO, spread=(0, 0.4, 0.8)),
    "backdrop.wrap": _backdrop("Backdrop's light on your edge", "light wrap", heeded_by=_PHOTO, spread=(0, 0.5, 1)),
    "backdrop.grain": _backdrop("Your photo's grain on it", "grain match", heeded_by=_PHOTO, spread=(0, 1)),
    "posing.attire": _posing(
        "Clothes",
        "formality of attire",
        choices=ATTIRES,
        repaints=("clothes",),
        from_look=lambda look: attire_of(look.wardrobe),
    ),
    "posing.expression": _posing(
        "Expression",
        "expression",
        choices=EXPRESSIONS,
        repaints=_FACE,
        from_look=lambda look: expression_of(look.expression),
        adjustments=(
            Adjustment("less-smile", "Less smile", -1, "There is no smile left.", 90, own_pixels=_SMILE),
            Adjustment("more-smile", "More smile", 1, "That is the broadest smile there is.", 100, own_pixels=_SMILE),
        ),
    ),
    "posing.gaze": _posing("Eyes look", "gaze", choices=GAZES, repaints=("face", "eyes")),
    "posing.turn": _posing("Turn of the head", "head yaw", choices=TURNS, repaints=("face",)),
    "retouch.shine": _face_retouching("Less shine", "specular highlights"),
    "retouch.redness": _face_retouching("Less redness", "hue of the skin"),
    "retouch.under_eyes": _face_retouching("Lighter under the eyes", "under-eye shadows"),
    "retouch.teeth": _face_retouching("Whiter teeth", "teeth, no whiter than the whites of the eyes"),
    "retouch.skin": _face_retouching("Even out the skin", "frequency separation", slider="Retouch"),
    "retouch.eyes": _retouching("Clearer eyes", heeded_by=_PHOTO, finish=True),
    "retouch.sharpness": _retouching("Sharpness", "unsharp mask", finish=True, ways=("sharper", "less sharp")),
    "retouch.contrast": _retouching("Contrast", "tone curve", finish=True, ways=("more", "less")),
    "retouch.mono": _retouching("Black and white", "desaturation"),
    "retouch.grain": _retouching("Film grain", ways=("more", "less")),
    "generate.mode": _expert("Speed", "mode", kind="choice", choices=("draft", "fast", "full")),
    "generate.identity": _expert("Likeness", "identity strength, scale", high=3.0, spread=(0.6, 0.8, 1, 1.2)),
    "generate.structure": _expert("Shape of the face", "face structure, s_scale", high=3.0, spread=(0.6, 1, 1.4)),
    "generate.guidance": _expert("Obey the words", "guidance scale", high=20.0, step=0.5, spread=(2.5, 4, 5.5, 7)),
    "generate.steps": _expert(
        "Number of steps", "sample steps", kind="integer", low=1, high=100, step=1, spread=(20, 30, 40)
    ),
    "generate.scheduler": _expert(
        "How the steps are taken", "sampler, scheduler", kind="choice", choices=("ddim", "euler", "dpm++", "lcm")
    ),
    "generate.candidates": _expert("Number of pictures", "candidates", kind="integer", low=1, high=8, step=1),
    "generate.lora": _expert("Help for the likeness", "LoRA strength", high=1.5, spread=(0.5, 0.7, 0.9)),
    "generate.identity_start": _expert("Likeness acts from", "start_at"),
    "generate.identity_end": _expert("Likeness acts until", "end_at"),
    "generate.guidance_end": _expert("Obey the words until", "guidance end"),
}


def keys_of(group: str) -> tuple[str, ...]:
    """List the settings of a group of the page in order, those that are the direction's own ("seed") last."""
    return tuple(sorted((k for k, s in SETTINGS.items() if s.group == group), key=lambda k: "." not in k))
