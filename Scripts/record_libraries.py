#!/usr/bin/env python3
"""Record calls of operators that libraries register, for the tests of the operators.

usage: record_libraries.py Tests/ATenOperatorsTests/Goldens/libraries.json

Recorded with PyTorch 2.15.0, torchvision 0.29.2 and transformers 5.24.0; the tensors are fake.
"""
import torch
import torchvision  # noqa: F401  registers its operators
import transformers.integrations.moe  # noqa: F401  registers grouped_mm_fallback

from record_accelerators import F16, F32, I32, I64, record, t


def experts(rows=6, inner=8, dtype=F32, offsets=I32, groups=4):
    return t(rows, inner, dtype=dtype), t(4, 8, 5, dtype=dtype, strides=(40, 1, 8)), t(groups, dtype=offsets, device="cpu")


def pooled(dtype=F32):
    return t(5, 8, 3, 4, dtype=dtype), t(5, 5)


def calls():
    forward, backward = "transformers.grouped_mm_fallback.default", "transformers.grouped_mm_fallback_backward.default"
    for arguments in (experts(), experts(dtype=F16, offsets=I64), experts(inner=7), experts(groups=3), experts(offsets=F32)):
        yield forward, arguments, {}
    yield forward, (t(6), *experts()[1:]), {}
    yield backward, (*experts(), t(6, 5)), {}
    yield backward, (t(6, 8, strides=(1, 6)), *experts()[1:], t(6, 5)), {}

    sizes = (2, 8, 16, 17)
    for dtype in (F32, F16):
        gradient, regions = pooled(dtype)
        argument = t(5, 8, 3, 4, dtype=I32)
        yield "torchvision._roi_align_backward.default", (gradient, regions, 1.0, 3, 4, *sizes, 2, True), {}
        yield "torchvision._roi_pool_backward.default", (gradient, regions, argument, 1.0, 3, 4, *sizes), {}
        yield "torchvision._ps_roi_align_backward.default", (gradient, regions, argument, 1.0, 3, 4, 2, *sizes), {}
        yield "torchvision._ps_roi_pool_backward.default", (gradient, regions, argument, 1.0, 3, 4, *sizes), {}
    yield "torchvision.qroi_align.default", (t(2, 8, 16, 16), t(5, 5), 0.1, 3, 0.1, 4, 1.0, 3, 4, 2, True), {}
    image, weight, offset = t(2, 6, 9, 9), t(4, 6, 3, 3), t(2, 18, 7, 7)
    mask, bias = t(2, 9, 7, 7), t(4)
    yield "torchvision._deform_conv2d_backward.default", (
        t(2, 4, 7, 7), image, weight.permute(1, 0, 2, 3).contiguous().permute(1, 0, 2, 3), offset, mask, bias,
        1, 1, 0, 0, 1, 1, 1, 1, True), {}


if __name__ == "__main__":
    record(calls, "l")
