"""Reads the weights of dlib's face recognition ResNet out of the file that dlib itself wrote.

The form is dlib's serialisation (dlib/serialize.h, dlib/float_details.h, dlib/dnn/core.h and layers.h, Boost licence):
an integer is a control byte (sign in bit 0x80, below it the number of bytes) and that many bytes, lowest first; a
floating-point number is two of them, mantissa · 2^exponent; a string its length and its bytes; a truth value the sign
"0" or "1"; a tensor its version, four sizes and float32 values. A network is written from the outermost layer to the
innermost, first the versions alone, then on the way back each layer's name, settings and values.

Only one file is read, by its hash (weights.toml), and each field of it must be what this network has: nothing in it
decides what this module does, and none of it is executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from headshot.types import F32

SIZE = 150  # px, height and width of an aligned face
MEAN = (122.782, 117.001, 104.298)  # of red, green, blue, 0..255
WIDTH, NUMBERS = 256, 128  # channels at the end, numbers of a descriptor


@dataclass(frozen=True)
class Block:
    """A residual block: two 3×3 convolutions of `channels`; `down`: the first with stride 2, the input halved too."""

    channels: int
    down: bool = False


# From the picture on (`anet_type` in dlib's examples/dnn_face_recognition_ex.cpp, read from the bottom).
BLOCKS = (
    *(Block(32),) * 3,
    Block(64, True),
    *(Block(64),) * 3,
    Block(128, True),
    *(Block(128),) * 2,
    Block(256, True),
    *(Block(256),) * 2,
    Block(256, True),
)


@dataclass(frozen=True, eq=False)
class Convolution:
    """`filters` (out, in, k, k) and `bias` (out,), then channel by channel · `gamma` + `beta`, (out,) each; float32."""

    filters: F32
    bias: F32
    gamma: F32
    beta: F32


@dataclass(frozen=True, eq=False)
class Weights:
    """The first convolution and two for each of BLOCKS, in order; `projection` (256, 128) float32."""

    convolutions: tuple[Convolution, ...]
    projection: F32


def read_network(data: bytes) -> Weights:
    """Read the network's weights. Raises ValueError where a field is not its, or the data end early or late."""
    file = _Reader(data)
    file.integers("the loss's version", 1)
    file.name("loss_metric_2")
    file.number("the margin")
    file.number("the distance that the margin is laid about")
    for version in _versions():
        file.integers("a layer's version", version)
    file.name("input_rgb_image_sized")
    for mean in MEAN:
        file.number("the mean colour", float(np.float32(mean)))
    file.integers("the picture's size", SIZE, SIZE)

    convolutions = [_convolution(file, 3, 32, 7, stride=2, first=True)]
    _plain(file, "relu_")
    _pooling(file, "max_pool_2", size=3, stride=2)
    channels = 32
    for block in BLOCKS:
        convolutions.append(_convolution(file, channels, block.channels, 3, stride=2 if block.down else 1))
        _plain(file, "relu_")
        convolutions.append(_convolution(file, block.channels, block.channels, 3, stride=1))
        if block.down:
            _pooling(file, "avg_pool_2", size=2, stride=2)
        _plain(file, "add_prev_")
        _plain(file, "relu_")
        channels = block.channels
    _pooling(file, "avg_pool_2", size=0, stride=1)  # 0: over everything

    file.name("fc_2")
    file.integers("the descriptor's length", NUMBERS)
    file.integers("the descriptor's inputs", WIDTH)
    projection = file.tensor("the projection", (WIDTH, NUMBERS, 1, 1))
    file.alias("the projection", (WIDTH, NUMBERS, 1, 1))
    file.alias("the projection's bias", (0, 0, 0, 0))
    file.integers("the projection's kind of bias (1: none)", 1)
    _training(file, rates=4)
    _state(file)
    file.end()
    return Weights(tuple(convolutions), projection.reshape(WIDTH, NUMBERS))


def _versions() -> Iterator[int]:
    """What stands before the innermost layer: 2 for a layer, 1 for a mark or a jump to it, 3 for the innermost."""
    layer, mark = 2, 1
    yield from (layer,) * 2  # projection, average over everything
    for block in reversed(BLOCKS):
        yield from (layer,) * 2  # relu, sum
        if block.down:
            yield from (layer, mark, mark)  # average, jump to the block's input, mark for the sum
        yield from (layer,) * 5  # affine, convolution, relu, affine, convolution
        yield mark  # the block's input
    yield from (layer,) * 3  # maximum, relu, affine
    yield 3


def _convolution(file: _Reader, ins: int, outs: int, size: int, *, stride: int, first: bool = False) -> Convolution:
    shape, pad = (outs, ins, size, size), size // 2 if stride == 1 else 0
    count = ins * outs * size * size
    file.name("con_4")
    values = file.tensor("a convolution", (count + outs, 1, 1, 1))
    file.integers("a convolution's filters", outs)
    file.integers("a convolution's size", size, size)
    file.integers("a convolution's stride", stride, stride)
    file.integers("a convolution's padding", pad, pad)
    file.alias("a convolution's filters", shape)
    file.alias("a convolution's bias", (1, outs, 1, 1))
    _training(file, rates=4)
    _state(file, innermost=first)
    file.name("affine_")
    both = file.tensor("an affine layer", (2 * outs, 1, 1, 1))
    file.alias("an affine layer's gamma", (1, outs, 1, 1))
    file.alias("an affine layer's beta", (1, outs, 1, 1))
    file.integers("an affine layer's mode (0: by channel)", 0)
    _state(file)
    return Convolution(values[:count].reshape(shape), values[count:], both[:outs], both[outs:])


def _pooling(file: _Reader, name: str, *, size: int, stride: int) -> None:
    file.name(name)
    file.integers("a pooling's size", size, size)
    file.integers("a pooling's stride", stride, stride)
    file.integers("a pooling's padding", 0, 0)
    _state(file)


def _plain(file: _Reader, name: str) -> None:
    file.name(name)
    _state(file)


def _training(file: _Reader, *, rates: int) -> None:
    for _ in range(rates):
        file.number("a rate of learning")


def _state(file: _Reader, *, innermost: bool = False) -> None:
    """What each layer ends with: three truth values and three tensors of the training, which are empty."""
    file.flags(3)
    for _ in range(3):
        file.tensor("a tensor of the training", (0, 0, 0, 0))
    if innermost:
        file.integers("pictures for each sample", 1)


class _Reader:
    """Takes one field after another from `data`; each raises ValueError where it is not what it should be."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def integers(self, what: str, *expected: int) -> None:
        for value in expected:
            if (found := self._integer(what)) != value:
                self._fail(f"{what} is {found} instead of {value}")

    def number(self, what: str, expected: float | None = None) -> None:
        """Read a floating-point number; where one is `expected`, that one exactly."""
        mantissa, exponent = self._integer(what), self._integer(what)
        if abs(exponent) > 1100:  # dlib's signs for infinity and not-a-number start at 32000
            self._fail(f"{what} is no finite number")
        found = float(np.ldexp(float(mantissa), exponent))
        if not np.isfinite(found) or (expected is not None and found != float(expected)):
            self._fail(f"{what} is {found:g}" + ("" if expected is None else f" instead of {expected:g}"))

    def name(self, expected: str) -> None:
        length = self._integer("a name's length")
        found = self._take(length, "a name") if 0 < length < 64 else b""
        if found != expected.encode():
            self._fail(f"layer {found.decode('ascii', 'replace')!r} instead of {expected!r}")

    def flags(self, count: int) -> None:
        if set(self._take(count, "a layer's state")) - set(b"01"):
            self._fail("a truth value is neither 0 nor 1")

    def tensor(self, what: str, shape: tuple[int, int, int, int]) -> F32:
        """Read (n,) float32, all finite, of a tensor of exactly that `shape`."""
        self.integers(f"the form of {what}", 2)
        self.integers(f"the shape of {what}", *shape)
        count = int(np.prod(shape))
        values = np.frombuffer(self._take(4 * count, what), "<f4").astype(np.float32)
        if not np.isfinite(values).all():
            self._fail(f"{what} holds values that are not finite")
        return values

    def alias(self, what: str, shape: tuple[int, int, int, int]) -> None:
        """Read how a part of the tensor before is to be seen."""
        self.integers(f"the form of {what}", 1)
        self.integers(f"the shape of {what}", *shape)

    def end(self) -> None:
        if self._at != len(self._data):
            self._fail(f"{len(self._data) - self._at} bytes too many")

    def _integer(self, what: str) -> int:
        control = self._take(1, what)[0]
        length = control & 0x7F
        if not 1 <= length <= 8:
            self._fail(f"{what} is no integer")
        value = int.from_bytes(self._take(length, what), "little")
        return -value if control & 0x80 else value

    def _take(self, count: int, what: str) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) != count:
            self._fail(f"the file ends within {what}")
        self._at += count
        return part

    def _fail(self, reason: str) -> NoReturn:
        raise ValueError(f"not dlib's face recognition network: {reason} (at byte {self._at})")
