"""dlib's own file: what is read of it, what it becomes, and that no other file is taken for it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from headshot.weights.dlib.convert import to_onnx
from headshot.weights.dlib.network_file import BLOCKS, read_network
from headshot.weights.store import weight
from tests.fixtures.dlibs_file import dlibs_file


@pytest.fixture(scope="module")
def data() -> bytes:
    return dlibs_file().read_bytes()


def test_it_becomes_the_tables_file_to_the_byte(data: bytes) -> None:
    (file,) = weight("dlib").files
    made = to_onnx(data)
    assert (len(made), hashlib.sha256(made).hexdigest()) == (file.bytes, file.sha256)


def test_weights_are_the_files(data: bytes) -> None:
    weights = read_network(data)
    assert len(weights.convolutions) == 1 + 2 * len(BLOCKS) == 29
    assert weights.convolutions[0].filters.shape == (32, 3, 7, 7)
    assert weights.convolutions[-1].filters.shape == (256, 256, 3, 3)
    count = weights.projection.size + sum(
        part.size for c in weights.convolutions for part in (c.filters, c.bias, c.gamma, c.beta)
    )
    assert 0 < len(data) - 4 * count < 8_000  # the rest are names and settings


@pytest.mark.parametrize("where", [0.0, 1e-6, 1e-5, 1e-4, 0.3, 0.7, 0.999_99])
def test_a_file_that_ends_early(data: bytes, where: float) -> None:
    with pytest.raises(ValueError, match="the file ends within"):
        read_network(data[: int(where * len(data))])


@pytest.mark.sweep
def test_each_of_the_last_bytes_is_needed(data: bytes) -> None:
    for missing in range(1, 200):
        with pytest.raises(ValueError, match="the file ends within"):
            read_network(data[:-missing])
    with pytest.raises(ValueError, match="1 bytes too many"):
        read_network(data + b"\0")


def damaged(data: bytes, old: bytes, new: bytes) -> bytes:
    """`data` with the first `old` made `new`."""
    assert len(old) == len(new) and old in data
    return data.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"loss_metric_2", b"loss_metric_3", "layer 'loss_metric_3' instead of 'loss_metric_2'"),
        (b"input_rgb_image_sized", b"input_rgb_image_sizes", "'input_rgb_image_sizes'"),
        (b"con_4", b"con_5", "layer 'con_5' instead of 'con_4'"),
        (b"affine_", b"bn_con2", "layer 'bn_con2' instead of 'affine_'"),
        (b"relu_1", b"sig__1", "layer 'sig__' instead of 'relu_'"),
        (b"\x0amax_pool_2", b"\x0aavg_pool_2", "'avg_pool_2' instead of 'max_pool_2'"),
        (b"fc_2", b"fc_3", "layer 'fc_3' instead of 'fc_2'"),
        (b"\x01\x96\x01\x96\x01\x05con_4", b"\x01\x97\x01\x96\x01\x05con_4", "size is 151 instead of 150"),
        (b"con_4\x01\x02\x02\x80\x12", b"con_4\x01\x02\x02\x81\x12", "shape of a convolution is 4737 instead of 4736"),
        (b"con_4\x01\x02\x02\x80\x12", b"con_4\x01\x01\x02\x80\x12", "form of a convolution is 1 instead of 2"),
        (b"max_pool_2\x01\x03\x01\x03\x01\x02", b"max_pool_2\x01\x03\x01\x03\x01\x03", "stride is 3 instead of 2"),
        (b"avg_pool_2\x01\x02", b"avg_pool_2\x01\x03", "pooling's size is 3 instead of 2"),
        (b"\x03b\x90\xf5\x81\x11", b"\x03b\x90\xf4\x81\x11", "mean colour is 122.28"),
        (b"loss_metric_2\x03", b"loss_metric_2\x09", "is no integer"),
        (b"loss_metric_2\x03", b"loss_metric_2\x00", "is no integer"),
        (b"\x0dloss_metric_2", b"\xffloss_metric_2", "instead of 'loss_metric_2'"),
        (b"relu_110", b"relu_1x0", "neither 0 nor 1"),
    ],
)
def test_a_file_of_something_else(data: bytes, old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        read_network(damaged(data, old, new))


def test_another_order_of_layers(data: bytes) -> None:
    start = data.index(b"\x01\x02\x01\x02\x01\x02\x01\x02\x01\x02\x01\x01")
    other = bytearray(data)
    other[start + 11] = 2  # a layer where the graph has a mark
    with pytest.raises(ValueError, match="a layer's version is 2 instead of 1"):
        read_network(bytes(other))


def test_values_that_are_not_finite(data: bytes) -> None:
    start = data.index(b"con_4") + 60
    other = bytearray(data)
    other[start : start + 16] = np.full(4, np.nan, "<f4").tobytes()
    with pytest.raises(ValueError, match="not finite"):
        read_network(bytes(other))
