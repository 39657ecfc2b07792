#!/usr/bin/env python3
"""Record what PyTorch 2.13 returns for calls with `Scalar` arguments, for Tests/LibTorchTests.

usage: record_scalar_calls.py > Tests/LibTorchTests/Goldens/scalar_calls.json

One case a line: the schema's name, its arguments in order, and the result. A tensor is {"tensor": dtype, "sizes", "strides",
"values"}, its values in the order of the dims; a dtype is {"dtype": name}; a float is {"float": x}, so that 1.0 stays one.
"""
import json, sys
import torch, torch._prims

torch.manual_seed(0)
F, H, I, B = torch.float32, torch.bfloat16, torch.int64, torch.bool


def t(sizes, dtype=F, low=-3, high=4):
    if dtype == B: return torch.randint(0, 2, sizes).bool()
    if not dtype.is_floating_point: return torch.randint(low, high, sizes).to(dtype)
    return (torch.randn(sizes) * 2).to(dtype)


x, y, h, i, b = t([2, 3]), t([2, 3]), t([2, 3], H), t([2, 3], I), t([2, 3], B)
xt, s, j = t([3, 2]).t(), t([], F), torch.tensor([0, 2, 0])
pos, nz = t([2, 3]).abs() + 0.5, torch.tensor([[1, 2, -3], [4, -5, 6]])
m1, m2 = t([2, 4]), t([4, 3])

CASES = [
    ("add.Tensor", x, y, 2), ("add.Tensor", x, 1.5, 1), ("add.Tensor", i, 2, 3), ("add.Tensor", i, 0.5, 1),
    ("add.Tensor", i, t([3], torch.int32), 1), ("add.Tensor", b, b, 1), ("add.Tensor", xt, y, 1), ("add.Tensor", h, 0.1, 1),
    ("add.Tensor", i, x, 2), ("add.Tensor", s, 3, 1), ("add.Tensor", b, 2, 1), ("add.Scalar", x, 2, 3), ("add_.Tensor", x.clone(), y, 0.5),
    ("sub.Tensor", i, t([2, 1], I), 2), ("sub.Tensor", x, y, 0.5), ("sub.Scalar", i, 3, 1), ("rsub.Scalar", x, 1, 2), ("rsub.Tensor", i, i * 2, 1),
    ("subtract.Tensor", x, y, 1), ("subtract.Scalar", x, 2, 1),
    ("addcmul", x, y, xt, 0.5), ("addcdiv", x, y, pos, 2),
    ("addmm", t([3]), m1, m2, 1, 1), ("addmm", t([2, 3]), m1, m2, 0.5, 2), ("addmm", t([3], I), t([2, 4], I), t([4, 3], I), 1, 1),
    ("baddbmm", t([2, 2, 3]), t([2, 2, 4]), t([2, 4, 3]), 1, 0.5), ("addmv", t([2]), m1, t([4]), 1, 2), ("addr", t([2, 3]), t([2]), t([3]), 1, 1),
    ("addbmm", t([2, 3]), t([2, 2, 4]), t([2, 4, 3]), 1, 1),
    ("mul.Scalar", h, 0.3), ("mul.Scalar", i, 2), ("mul.Scalar", i, 0.5), ("mul.Scalar", b, 2), ("div.Scalar", i, 2), ("div.Scalar_mode", nz, 2, "floor"),
    ("eq.Scalar", i, 1), ("ne.Scalar", b, True), ("lt.Scalar", x, 0.5), ("le.Scalar", i, 0.5), ("gt.Scalar", xt, 0), ("ge.Scalar", h, 0.1),
    ("remainder.Scalar", nz, 4), ("remainder.Scalar", x, 0.7), ("remainder.Scalar_Tensor", 7, nz), ("fmod.Scalar", nz, 4), ("floor_divide.Scalar", nz, 2),
    ("pow.Tensor_Scalar", x, 2), ("pow.Tensor_Scalar", i, 3), ("pow.Tensor_Scalar", pos, 0.5), ("pow.Tensor_Scalar", i, 2.0), ("pow.Tensor_Scalar", pos, -1.5),
    ("pow.Scalar", 2, i.abs()), ("pow.Scalar", 2.5, x), ("float_power.Tensor_Scalar", pos, 2), ("float_power.Scalar", 2, x),
    ("__and__.Scalar", i, 3), ("__or__.Scalar", i, 1), ("__xor__.Scalar", i, 5), ("__lshift__.Scalar", i.abs(), 2), ("__rshift__.Scalar", nz.abs(), 1),
    ("bitwise_and.Scalar", b, True), ("bitwise_left_shift.Tensor_Scalar", i.abs(), 1), ("bitwise_or.Scalar_Tensor", 4, i), ("copysign.Scalar", x, -1),
    ("clamp", x, -0.5, None), ("clamp", i, None, 1), ("clamp", i, -0.5, 1.5), ("clamp_min", x, 0), ("clamp_max", h, 0.3), ("clamp_", x.clone(), 0, 1),
    ("hardtanh", x, -1, 1), ("masked_fill.Scalar", x, b, float("-inf")), ("masked_fill.Scalar", i, b, 9), ("masked_fill_.Scalar", i.clone(), b, 2),
    ("where.Scalar", b, 1, 0), ("where.Scalar", b, 1.5, 0), ("where.ScalarOther", b, x, 0), ("where.ScalarSelf", b, 2, h), ("where.ScalarOther", b, i, 0.5),
    ("where.ScalarOther", b, s, 0.5), ("lerp.Scalar", x, y, 0.25), ("fill.Scalar", x, 3), ("index_fill.int_Scalar", x, 1, j, 7), ("isin.Tensor_Scalar", i, 1, False, False),
    ("isin.Scalar_Tensor", 1, i, False, False), ("xlogy.Scalar_Other", x, 2), ("xlogy.Scalar_Self", 2, pos),
    ("bucketize.Scalar", 0.5, torch.tensor([0.0, 1.0, 2.0]), False, False), ("searchsorted.Scalar", torch.tensor([0.0, 1.0, 2.0]), 1, False, True, None, None),
    ("celu", x, 0.7), ("elu", x, 1.2, 1.1, 0.9), ("elu", h, 1, 1, 1), ("hardshrink", x, 0.5), ("leaky_relu", xt, 0.1), ("leaky_relu_", x.clone(), 0.1),
    ("softplus", x * 10, 2, 20), ("softplus", h, 1, 20), ("softshrink", x, 0.5), ("threshold", x, 0.2, -7),
    ("arange", 5, None, None, None, None), ("arange", 2.5, None, None, None, None), ("arange.start", 2, 6, F, None, None, None), ("arange.start_step", 5, -1, -2, None, None, None, None),
    ("arange.start_step", 0, 1, 0.3, None, None, None, None), ("full", [2, 2], 1, None, None, None, None), ("full", [2], 0.5, None, None, None, None), ("full", [], True, None, None, None, None),
    ("full", [3], 2, H, None, None, None), ("full_like", xt, 2, None, None, None, None, None), ("full_like", i, 2.0, F, None, None, None, None), ("new_full", i, [2], 7, None, None, None, None),
    ("scalar_tensor", 3, None, None, None, None), ("scalar_tensor", 3, I, None, None, None), ("linspace", 0, 1, 5, None, None, None, None), ("logspace", 0, 2, 3, 10.0, None, None, None, None),
    ("dist", x, y, 2), ("histc", x, 4, -2, 2), ("linalg_vector_norm", x, 2, [1], False, None), ("linalg_vector_norm", x, 1, None, True, None), ("linalg_vector_norm", x, float("inf"), [0], True, None),
    ("linalg_vector_norm", x, 3.5, [0, 1], False, None), ("linalg_vector_norm", h, 2, None, False, F), ("linalg_vector_norm", x, 0, [1], False, None), ("linalg_norm", x, None, None, False, None),
    ("linalg_norm", x, 2, [1], False, None), ("norm.Scalar", x, 2), ("norm.ScalarOpt_dim", x, 1, [1], True), ("norm.ScalarOpt_dim", x, None, [0], False), ("renorm", x, 2, 0, 1.5),
    ("std.correction", x, [1], 1, False), ("var.correction", x, [1], 0, True), ("var.correction", x, None, 2, False), ("std.correction", x, [0, 1], None, False),
    ("constant_pad_nd", x, [1, 0, 0, 2], 2), ("constant_pad_nd", i, [1, 1], 3), ("index_add", x, 1, j, t([2, 3]), 1), ("index_add", i, -1, j, t([2, 3], I), 2),
    ("scatter.value", x, 1, torch.tensor([[0], [2]]), 5), ("scatter.value_reduce", x, 1, torch.tensor([[0], [2]]), 5, "add"),
    ("rrelu", x, 0.1, 0.3, False, None), ("elu_backward", y, 1.2, 1.1, 0.9, False, x), ("elu_backward", y, 1.2, 1.1, 0.9, True, x.expm1()),
    ("softplus_backward", y, x, 2, 3), ("hardshrink_backward", y, x, 0.5), ("softshrink_backward", h, x.to(H), 0.5), ("fill_diagonal_", t([3, 4]), 2.5, False),
    ("fill_diagonal_", t([2, 2, 2], I), 7, False), ("__iand__.Scalar", i.clone(), 3), ("__ilshift__.Scalar", i.abs(), 1), ("add.out", x, y, 2, torch.zeros(2, 3)),
    ("add.out", i, i, 2, torch.zeros(2, 3)), ("clamp.out", x, -0.5, 0.5, torch.zeros(2, 3)), ("pow.Tensor_Scalar_out", x, 2, torch.zeros(2, 3)),
    ("addmm.out", t([3]), m1, m2, 0.5, 2, torch.zeros(2, 3)), ("linalg_norm", x, 1, None, False, None), ("linalg_norm", x, -2, None, True, None),
    ("linalg_norm", x, float("inf"), [1, 0], False, None), ("linalg_matrix_norm", t([2, 3, 4]), 2, [0, 2], False, None), ("linalg_matrix_norm", t([2, 3, 4]), -1, [-2, -1], True, None),
    ("linalg_matrix_norm", t([2, 3, 4]), float("-inf"), [2, 0], False, None), ("linalg_cond", t([3, 3]), None), ("linalg_cond", t([3, 3]), 1), ("linalg_cond", t([2, 3, 3]), -2),
    ("trapezoid.dx", x, 0.5, 1), ("trapezoid.dx", x, 2, 0), ("cumulative_trapezoid.dx", x, 0.5, -1), ("special_hermite_polynomial_h.n_scalar", x, 3),
    ("special_chebyshev_polynomial_t.x_scalar", 0.3, i.abs()), ("_foreach_add.Scalar", [x, i], 2), ("_foreach_mul.ScalarList", [x, y], [2.0, 0.5]), ("_foreach_sub.List", [x, i], [y, i], 2),
    ("_foreach_addcmul.Scalar", [x], [y], [y], 0.5), ("_foreach_lerp.Scalar", [x], [y], 0.3), ("_foreach_norm.Scalar", [x, h], 2, None), ("_foreach_pow.Scalar", [x], 2),
    ("_foreach_add_.Scalar", [x.clone(), y.clone()], 1.5),
    ("prims::convert_element_type", x, I), ("prims::broadcast_in_dim", t([3]), [1, 3], [1]), ("prims::iota", 4, 2, 3, I, torch.device("cpu"), False), ("prims::add", x, y),
    ("prims::sum", x, [1], None), ("prims::prod", x, [0, 1], None), ("prims::amax", i, [0], None), ("prims::where", b, x, y), ("prims::transpose", x, [1, 0]), ("prims::squeeze", t([1, 3]), [0]),
    ("prims::rev", x, [1]), ("prims::cat", [x, y], 1), ("prims::reshape", x, [3, 2]), ("prims::scalar_tensor", 2.5, F, torch.device("cpu")), ("prims::view_of", x), ("prims::pow", pos, x), ("prims::lt", x, y),
    ("prims::full", [2, 2], 3.0, F, torch.device("cpu"), False),
]


def encode(v):
    if isinstance(v, torch.Tensor):
        values = v.detach().to(torch.float64 if v.dtype.is_floating_point else torch.int64).flatten().tolist()
        return {"tensor": str(v.dtype)[6:], "sizes": list(v.shape), "strides": list(v.stride()), "values": [str(n) for n in values]}
    if isinstance(v, torch.dtype): return {"dtype": str(v)[6:]}
    if isinstance(v, torch.device): return {"device": str(v)}
    if isinstance(v, float): return {"float": str(v)}
    if isinstance(v, (list, tuple)): return [encode(n) for n in v]
    return v


def main():
    lines = []
    for name, *args in CASES:
        namespace, _, name_there = name.rpartition("::")
        base, _, overload = name_there.partition(".")
        operator = getattr(getattr(getattr(torch.ops, namespace or "aten"), base), overload or "default")
        arguments = [encode(a) for a in args]
        named = [a.name for a in operator._schema.arguments]
        count = sum(not a.kwarg_only for a in operator._schema.arguments)
        result = operator(*args[:count], **dict(zip(named[count:], args[count:])))
        # Operators on lists in place return nothing.
        if result is None: result = args[0]
        lines.append(json.dumps({"name": name, "arguments": arguments, "result": encode(result)}))
    sys.stdout.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__": main()
