"""Random operator calls for differential.py: each family returns the name, arguments and keyword arguments of a call.

A family receives the program and its source of random numbers. It takes tensors that the program has, makes others of
fitting sizes with `program.make`, and returns None when nothing fits. Symbolic sizes are never compared here: a comparison
would be a guard.
"""
import torch

f32, i64 = torch.float32, torch.int64
ROUNDED = "neg abs sign square relu isnan logical_not positive sgn isfinite isinf signbit nan_to_num clone alias detach".split()
FLOATING = ("exp sigmoid sin sqrt silu gelu tanh floor ceil round trunc frac log log1p expm1 rsqrt reciprocal erf erfc atan acos cosh "
            "relu6 hardswish hardsigmoid hardtanh mish softplus elu selu celu leaky_relu log_sigmoid logit lgamma digamma sinc "
            "bernoulli rand_like randn_like zeros_like ones_like empty_like special_i0 deg2rad").split()
BINARY = ("add.Tensor sub.Tensor mul.Tensor div.Tensor maximum minimum atan2 eq.Tensor lt.Tensor ge.Tensor ne.Tensor logical_and "
          "logical_or logical_xor pow.Tensor_Tensor remainder.Tensor fmod.Tensor floor_divide hypot copysign.Tensor fmax fmin "
          "xlogy.Tensor logaddexp nextafter heaviside rsub.Tensor mse_loss l1_loss smooth_l1_loss huber_loss").split()
SCALARS = ("add.Scalar sub.Scalar mul.Scalar div.Scalar pow.Tensor_Scalar eq.Scalar lt.Scalar ge.Scalar remainder.Scalar fmod.Scalar "
           "rsub.Scalar bitwise_and.Scalar floor_divide.Scalar clamp_min clamp_max pow.Scalar").split()
ONE_DIM = "prod.dim_int argmax argmin max.dim min.dim median.dim mode cummax cummin".split()
LISTS = "sum.dim_IntList mean.dim amax amin logsumexp var.dim std.dim all.dims any.dims nansum linalg_vector_norm count_nonzero.dim_IntList norm.ScalarOpt_dim var_mean.dim std_mean.dim".split()
WHOLE = "sum mean max min prod all any argmax median var std count_nonzero nansum aminmax equal numel".split()


def dims(p, r, x):
    """Some different dims of a tensor."""
    return [d - r.choice([0, x.dim()]) for d in r.sample(range(x.dim()), r.randint(1, x.dim()))]


def unary(p, r):
    if r.random() < 0.5:
        x = p.pick()
        return x is not None and (r.choice(ROUNDED), [x], {})
    x = p.pick(floating=True)
    return x is not None and (r.choice(FLOATING), [x], {})


def in_place(p, r):
    name = r.choice("relu_ neg_ zero_ fill_.Scalar add_.Tensor mul_.Tensor mul_.Scalar copy_ clamp_ masked_fill_.Scalar unsqueeze_ t_ transpose_ squeeze_.dim".split())
    x = p.pick(made=True, least=2, most=2 if name == "t_" else 9)
    if x is None: return None
    extra = {"fill_.Scalar": [1], "add_.Tensor": [p.pick()], "mul_.Tensor": [p.pick()], "mul_.Scalar": [2], "copy_": [p.pick()],
             "clamp_": [0, 1], "unsqueeze_": [r.choice([0, -1])], "transpose_": [0, -1], "squeeze_.dim": [r.choice([0, -1])]}.get(name, [])
    if name == "masked_fill_.Scalar": extra = [p.pick(boolean=True), 1]
    return all(e is not None for e in extra) and (name, [x, *extra], {})


def binary(p, r):
    x = p.pick()
    y = p.pick() if r.random() < 0.5 else p.make(p.like(x))
    return (r.choice(BINARY), [x, y], {})


def scalar(p, r):
    x, name = p.pick(), r.choice(SCALARS)
    value = r.choice([2, 2, 3, 0.5, p.any_size()])
    if name == "pow.Scalar": return (name, [value, x], {})
    return (name, [x, value], {})


def ternary(p, r):
    kind = r.choice("addcmul lerp.Scalar lerp.Tensor clamp clamp.Tensor where.self where.ScalarOther where.ScalarSelf where.Scalar addcdiv masked_fill.Scalar masked_fill.Tensor threshold glu isin".split())
    x = p.pick(floating=True, least=1)
    if x is None: return None
    y, z = p.make(p.like(x)), p.make(p.like(x))
    mask = p.pick(boolean=True)
    if mask is None: mask = p.make(p.like(x), torch.bool)
    return {"addcmul": (kind, [x, y, z], {}), "addcdiv": (kind, [x, y, z], {}), "lerp.Scalar": (kind, [x, y, 0.5], {}),
            "lerp.Tensor": (kind, [x, y, z], {}), "clamp": (kind, [x, r.choice([None, 0]), 1.0], {}), "clamp.Tensor": (kind, [x, y], {}),
            "where.self": (kind, [mask, p.pick(), y], {}), "where.ScalarOther": (kind, [mask, x, 0.5], {}),
            "where.ScalarSelf": (kind, [mask, 1, x], {}), "where.Scalar": (kind, [mask, 1, 0.5], {}),
            "masked_fill.Scalar": (kind, [x, mask, 0.5], {}), "masked_fill.Tensor": (kind, [x, mask, p.make([])], {}),
            "threshold": (kind, [x, 0, 1], {}), "glu": (kind, [x, -1], {}), "isin": ("isin.Tensor_Tensor", [x, y], {})}[kind]


def reduction(p, r):
    x = p.pick(floating=r.random() < 0.8, least=1)
    if x is None: return None
    keep = r.random() < 0.5
    kind = r.random()
    if kind < 0.3:
        name = r.choice(ONE_DIM)
        dim = r.randrange(-x.dim(), x.dim())
        return (name, [x, dim] if name.startswith("cum") else [x, dim, keep], {})
    if kind < 0.5: return (r.choice(WHOLE), [x], {})
    name, some = r.choice(LISTS), r.choice([None, [], 0, 0, 0, 0])
    some = dims(p, r, x) if some == 0 else some
    if name in ("sum.dim_IntList", "mean.dim", "nansum"): return (name, [x, some, keep], {})
    if name in ("var.dim", "std.dim", "var_mean.dim", "std_mean.dim"): return (name, [x, some, True, keep], {})
    if name in ("linalg_vector_norm", "norm.ScalarOpt_dim"): return (name, [x, r.choice([2, 1, float("inf")]), some if name[0] == "l" else some or [0], keep], {})
    if name == "count_nonzero.dim_IntList": return (name, [x, some or [0]], {})
    if name == "logsumexp": return (name, [x, some or [0], keep], {})
    if name in ("amax", "amin"): return (name, [x, some or [], keep], {})
    return (name, [x, some, keep], {})


def view(p, r):
    x = p.pick(least=1)
    sizes, rank = list(x.size()), x.dim()
    dim = r.randrange(rank)
    kind = r.choice("flatten reshape view reshape2 unsqueeze squeeze transpose permute expand unflatten squeezes squeeze_all movedim view_as "
                    "expand_as diagonal unfold as_strided split_dim view_dtype t mT swapaxes merge reshape_sym tile broadcast_to".split())
    if kind == "flatten": return ("flatten.using_ints", [x, *r.choice([(0, -1), (0, dim), (dim, -1)])], {})
    if kind == "unsqueeze": return (kind, [x, r.randint(-rank - 1, rank)], {})
    if kind == "squeeze": return ("squeeze.dim", [x, dim], {})
    if kind == "squeezes": return ("squeeze.dims", [x, dims(p, r, x)], {})
    if kind == "squeeze_all": return ("squeeze", [x], {})
    if kind == "transpose": return ("transpose.int", [x, dim, r.randrange(-rank, rank)], {})
    if kind == "swapaxes": return (kind, [x, dim, r.randrange(-rank, rank)], {})
    if kind == "permute": return (kind, [x, r.sample(range(rank), rank)], {})
    if kind == "movedim": return ("movedim.int", [x, dim, r.randrange(rank)], {})
    if kind == "expand": return (kind, [x, [p.any_size()] + [r.choice([s, -1]) for s in sizes]], {})
    if kind == "broadcast_to": return (kind, [x, [p.any_size()] + sizes], {})
    if kind == "unflatten": return ("unflatten.int", [x, dim, r.choice([[p.any_size(), -1], [-1, r.choice([1, 2])], [1, sizes[dim]]])], {})
    if kind in ("view_as", "expand_as"): return (kind, [x, r.choice([p.make(sizes), p.pick()])], {})
    if kind == "diagonal": return rank > 1 and (kind, [x, r.choice([0, 1, -1]), *r.sample(range(rank), 2)], {})
    if kind == "unfold": return (kind, [x, dim, r.choice([1, 2, 3]), r.choice([1, 2])], {})
    if kind == "as_strided": return (kind, [x, [sizes[0], 1], [1, 1]], {})
    if kind == "view_dtype": return ("view.dtype", [x, r.choice([torch.int32, torch.float16, torch.uint8, i64])], {})
    if kind in ("t", "mT"): return rank == 2 and (kind, [x], {})
    if kind == "tile": return (kind, [x, [r.choice([1, 2, p.any_size()])] * r.choice([1, rank])], {})
    if kind == "merge": return rank > 1 and ("view", [x, [sizes[0] * sizes[1], *sizes[2:]]], {})
    if kind == "split_dim": return (r.choice(["view", "reshape"]), [x, sizes[:dim] + [-1, r.choice([1, 2])] + sizes[dim + 1:]], {})
    if kind == "reshape_sym": return ("reshape", [x, [p.any_size(), p.any_size(), -1][r.choice([0, 1]):]], {})
    target = [-1] + sizes[2:] if rank > 1 and r.random() < 0.5 else sizes[:1] + [-1] if r.random() < 0.7 else [-1, p.any_size()]
    return (kind.rstrip("2"), [x, target], {})


def slicing(p, r):
    x = p.pick(least=1)
    dim = r.randrange(x.dim())
    kind = r.choice("slice slice select narrow split chunk unbind split_sizes tensor_split tensor_indices hsplit split_sym halves select_sym "
                    "narrow_sym select_scatter slice_scatter unsafe_chunk diff".split())
    bound = lambda *more: r.choice([p.any_size(), p.any_size(), *more])
    if kind == "slice": return ("slice.Tensor", [x, dim, bound(None, 0, 1, -2), bound(None, 2, -1, 2**63 - 1), r.choice([1, 1, 2])], {})
    if kind == "select": return ("select.int", [x, dim, r.choice([0, -1, 1])], {})
    if kind == "select_sym": return ("select.int", [x, dim, p.any_size()], {})
    if kind == "narrow": return (kind, [x, dim, r.choice([0, 1, -1]), r.choice([0, 1, 2])], {})
    if kind == "narrow_sym": return ("narrow", [x, dim, r.choice([0, 1, p.any_size()]), p.any_size()], {})
    if kind == "split": return ("split.Tensor", [x, r.choice([1, 2, 3]), dim], {})
    if kind == "split_sym": return ("split.Tensor", [x, p.any_size(), dim], {})
    if kind in ("chunk", "unsafe_chunk"): return (kind, [x, r.choice([1, 2, 3]), dim], {})
    if kind == "split_sizes": return ("split_with_sizes", [x, r.choice([[1, 2], [2, 1, 1], [p.any_size(), p.any_size()], [1, x.size(dim) - 1]]), dim], {})
    if kind == "halves": return ("split_with_sizes", [x, [x.size(dim) // 2, x.size(dim) - x.size(dim) // 2], dim], {})
    if kind == "tensor_split": return ("tensor_split.sections", [x, r.choice([1, 2, 3]), dim], {})
    if kind == "tensor_indices": return ("tensor_split.indices", [x, [1, r.choice([2, p.any_size()])], dim], {})
    if kind == "hsplit": return x.dim() > 1 and ("hsplit.int", [x, 2], {})
    if kind == "diff": return (kind, [x, 1, dim], {})
    if kind == "select_scatter": return (kind, [x, p.make(list(x.size())[:dim] + list(x.size())[dim + 1:], x.dtype), dim, 0], {})
    if kind == "slice_scatter":
        sizes = list(x.size()); sizes[dim] = 1
        return (kind, [x, p.make(sizes, x.dtype), dim, 0, 1], {})
    return ("unbind.int", [x, dim], {})


def joining(p, r):
    x = p.pick(least=1)
    dim = r.randrange(-x.dim(), x.dim())
    kind = r.choice("cat cat cat stack hstack vstack column_stack broadcast_tensors meshgrid block_diag cartesian_prod dstack concat".split())
    other = lambda: r.choice([x, p.pick(least=1), p.make(p.like(x, dim), x.dtype)])
    many = [x] + [other() for _ in range(r.choice([1, 1, 2]))]
    if kind in ("cat", "concat", "stack"): return (kind, [many, dim], {})
    if kind in ("meshgrid", "cartesian_prod"):
        flat = [t for t in p.tensors() if t.dim() == 1]
        return len(flat) > 0 and (kind, [[r.choice(flat), r.choice(flat)]], {})
    return (kind, [many], {})


def data(p, r):
    kind = r.choice("nonzero argwhere masked_select masked_select unique consecutive unique_dim repeat_interleave nonzero_static index_mask index_mask where_cond".split())
    x = p.pick(least=1)
    mask = p.pick(boolean=True, least=1)
    if mask is None or r.random() < 0.3: mask = p.make(p.like(x), torch.bool)
    if kind in ("nonzero", "argwhere"): return (kind, [p.pick()], {})
    if kind == "masked_select": return (kind, [x, mask], {})
    if kind == "unique": return ("_unique2", [x, True, True, r.random() < 0.5], {})
    if kind == "consecutive": return ("unique_consecutive", [x, True, True], {})
    if kind == "unique_dim": return (kind, [x, 0, True, True, True], {})
    if kind == "repeat_interleave": return ("repeat_interleave.self_Tensor", [x, p.make([x.size(0)], i64), 0], {})
    if kind == "nonzero_static": return (kind, [x], dict(size=r.choice([3, p.any_size()])))
    if kind == "where_cond": return ("where", [mask], {})
    return ("index.Tensor", [x, [mask]], {})


def numbers(p, r):
    """Numbers from data, what is checked about them, and sizes made of them."""
    kind = r.choice("item item assert_ge assert_le assert_eq constrain use use use assert_sum".split())
    if kind == "item" or not p.numbers:
        x = p.pick(most=0)
        if x is None or r.random() < 0.6: x = p.make([], i64)
        return ("item", [x], {})
    u = r.choice(p.numbers)
    if kind == "assert_ge": return ("_assert_scalar", [u >= r.choice([0, 0, 1, 2]), "message"], {})
    if kind == "assert_le": return ("_assert_scalar", [u <= r.choice([4, 16, p.any_size()]), "message"], {})
    if kind == "assert_eq": return ("_assert_scalar", [torch.sym_not(u != p.any_size()) if r.random() < 0.1 else u * 2 <= 40, "message"], {})
    if kind == "assert_sum": return ("_assert_scalar", [u + r.choice(p.numbers) <= p.any_size(), "message"], {})
    if kind == "constrain": return ("sym_constrain_range_for_size", [u], dict(min=r.choice([None, 0, 2]), max=r.choice([None, 10])))
    x = p.pick(least=1)
    use = r.choice("zeros slice narrow expand arange view repeat split select full reshape pad".split())
    if use == "zeros": return ("zeros", [[u, 3]], {})
    if use == "slice": return ("slice.Tensor", [x, 0, r.choice([0, u]), r.choice([u, 2**63 - 1])], {})
    if use == "narrow": return (use, [x, 0, r.choice([0, u]), r.choice([u, 1])], {})
    if use == "expand": return (use, [x, [u, *x.size()]], {})
    if use == "arange": return r.choice([(use, [u], {}), ("arange.start", [u, u + 3], {}), ("arange.start_step", [0, u, 2], {})])
    if use == "view": return (use, [x, [u, -1]], {})
    if use == "reshape": return (use, [x, [-1, u]], {})
    if use == "repeat": return (use, [x, [u] + [1] * x.dim()], {})
    if use == "split": return ("split_with_sizes", [x, [u, r.choice(p.numbers)]], {})
    if use == "select": return ("select.int", [x, 0, u], {})
    if use == "pad": return ("constant_pad_nd", [x, [0, u]], {})
    return (use, [[u, u * 2 + 1], 1.0], {})


def indexing(p, r):
    kind = r.choice("index index index_select gather index_put index_add scatter scatter_add scatter_reduce take take_along_dim index_fill embedding "
                    "one_hot searchsorted bucketize index_copy put masked_scatter scatter_value embedding_bag".split())
    x = p.pick(least=1)
    dim = r.randrange(x.dim())
    n = p.any_size(plain=True)
    flat = p.pick(integral=True, least=1, most=1)
    if flat is None or r.random() < 0.5: flat = p.make([n], i64)
    if kind == "index":
        index = r.choice([[flat], [None, flat], [flat, flat], [None, None, flat], [flat, None, flat], [p.make([n, 2], i64), flat], [p.pick(integral=True)]])
        return ("index.Tensor", [x, index[: x.dim()]], {}) if any(i is not None for i in index[: x.dim()]) else None
    if kind == "index_select": return (kind, [x, dim, flat], {})
    shape = list(x.size()); shape[dim] = n
    index = p.make(shape, i64)
    if kind == "gather": return (kind, [x, dim, r.choice([index, p.make([1] * x.dim(), i64)])], {})
    if kind == "take_along_dim": return (kind, [x, index, dim], {})
    if kind == "take": return (kind, [x, flat], {})
    if kind == "index_put": return (kind, [x, [flat], p.make([n, *list(x.size())[1:]] if r.random() < 0.5 else [], x.dtype)], {})
    source = list(x.size()); source[dim] = flat.size(0)
    if kind == "index_add": return (kind, [x, dim, flat, p.make(source, x.dtype)], {})
    if kind == "index_copy": return (kind, [x, dim, flat, p.make(source, x.dtype)], {})
    if kind == "index_fill": return ("index_fill.int_Scalar", [x, dim, flat, 1], {})
    if kind == "scatter": return ("scatter.src", [x, dim, index, p.make(shape, x.dtype)], {})
    if kind == "scatter_value": return ("scatter.value", [x, dim, index, 1], {})
    if kind == "scatter_add": return (kind, [x, dim, index, p.make(shape, x.dtype)], {})
    if kind == "scatter_reduce": return ("scatter_reduce.two", [x, dim, index, p.make(shape, x.dtype), r.choice(["sum", "amax", "mean"])], {})
    if kind == "put": return (kind, [x, flat, p.make([flat.size(0)], x.dtype)], {})
    if kind == "masked_scatter": return (kind, [x, p.make(list(x.size()), torch.bool), p.pick()], {})
    if kind == "one_hot": return (kind, [flat, r.choice([5, 5, -1, p.any_size()])], {})
    if kind == "searchsorted": return ("searchsorted.Tensor", [p.make([n]), p.pick(floating=True, least=1)], {})
    if kind == "bucketize": return ("bucketize.Tensor", [x, p.make([n])], {})
    if kind == "embedding_bag": return (kind, [p.make([p.any_size(), 4]), flat, p.make([3], i64)], {})
    return ("embedding", [p.make([r.choice([7, p.any_size()]), 4]), r.choice([flat, index])], {})


def sorting(p, r):
    x = p.pick(least=1)
    dim = r.randrange(-x.dim(), x.dim())
    kind = r.choice("topk topk_sym sort argsort kthvalue cumsum cumprod logcumsumexp msort flip roll rot90 tril triu diag trace unravel renorm cdist softmax log_softmax _softmax".split())
    if kind == "topk": return (kind, [x, r.choice([1, 2]), dim], {})
    if kind == "topk_sym": return ("topk", [x, p.any_size(), dim], {})
    if kind in ("sort", "argsort", "cumsum", "cumprod", "logcumsumexp"): return (kind, [x, dim], {})
    if kind == "kthvalue": return (kind, [x, r.choice([1, 2]), dim], {})
    if kind == "msort": return (kind, [x], {})
    if kind == "flip": return (kind, [x, dims(p, r, x)], {})
    if kind == "roll": return (kind, [x, *r.choice([([1], [dim]), ([p.any_size()], [dim]), ([1], [])])], {})
    if kind == "rot90": return x.dim() > 1 and (kind, [x, r.choice([1, 2]), [0, 1]], {})
    if kind in ("tril", "triu"): return (kind, [x, r.choice([0, 1, p.any_size()])], {})
    if kind == "diag": return (kind, [x, r.choice([0, 1])], {})
    if kind == "trace": return (kind, [x], {})
    if kind == "renorm": return (kind, [x, 2, 0, 1.0], {})
    if kind == "cdist": return (kind, [p.make([p.any_size(), 3]), p.make([p.any_size(), 3])], {})
    if kind == "unravel": return None
    y = p.pick(floating=True, least=1)
    if y is None: return None
    dim = r.randrange(-y.dim(), y.dim())
    return ("_softmax", [y, dim, False], {}) if kind == "_softmax" else (f"{kind}.int", [y, dim], {})


def products(p, r):
    kind = r.choice("mm matmul matmul linear linear bmm addmm baddbmm mv dot outer einsum tensordot kron addmv bilinear addbmm inner chain".split())
    x = p.pick(floating=True, least=1)
    if x is None: return None
    d, n = x.dtype, p.any_size()
    last = x.size(-1)
    if kind == "matmul": return (kind, [x, r.choice([p.make([last, n], d), p.make([last], d), p.make([3, last, n], d), p.pick(dtype=d, least=1)])], {})
    if kind == "linear":
        bias = r.choice([None, p.make([n], d)])
        return (kind, [x, p.make([n, last], d)] + ([bias] if bias is not None else []), {})
    if kind == "einsum":
        return x.dim() == 2 and (kind, *r.choice([(["ij,jk->ik", [x, p.make([last, n], d)]], {}), (["ij->ji", [x]], {}), (["ij,kj->ik", [x, p.make([n, last], d)]], {})]))
    if kind == "tensordot": return (kind, [x, p.make([last, n], d), [-1], [0]], {})
    if kind == "kron": return (kind, [x, p.make([2], d)], {})
    if kind == "outer": return (kind, [p.make([n], d), p.make([last], d)], {})
    if kind == "dot": return (kind, [p.make([n], d), r.choice([p.make([n], d), p.make([last], d)])], {})
    if kind == "inner": return (kind, [x, p.make([n, last], d)], {})
    if kind == "bilinear": return (kind, [x, x, p.make([n, last, last], d)], {})
    a = x if x.dim() == 2 else p.make([n, 4])
    if kind == "mm": return (kind, [a, r.choice([p.make([a.size(1), p.any_size()], a.dtype), p.pick(dtype=a.dtype, least=2, most=2) if r.random() < .3 else p.make([a.size(1), 3], a.dtype)])], {})
    if kind == "addmm": return (kind, [p.make([n], a.dtype), a, p.make([a.size(1), n], a.dtype)], {})
    if kind == "mv": return (kind, [a, p.make([a.size(1)], a.dtype)], {})
    if kind == "addmv": return (kind, [p.make([a.size(0)], a.dtype), a, p.make([a.size(1)], a.dtype)], {})
    if kind == "chain": return ("chain_matmul", [[a, p.make([a.size(1), n], a.dtype)]], {})
    b = x if x.dim() == 3 else p.make([p.any_size(), n, 4])
    if kind == "bmm": return (kind, [b, p.make([b.size(0), b.size(2), n], b.dtype)], {})
    if kind == "addbmm": return (kind, [p.make([b.size(1), n], b.dtype), b, p.make([b.size(0), b.size(2), n], b.dtype)], {})
    return (kind, [p.make([b.size(0), b.size(1), n], b.dtype), b, p.make([b.size(0), b.size(2), n], b.dtype)], {})


def images(p, r):
    """Convolutions, pools, resizes and norms of image-like tensors."""
    kind = r.choice("conv1d conv2d conv2d conv3d transpose2d convolution max_pool2d avg_pool2d adaptive_avg_pool2d max_pool1d nearest bilinear bicubic "
                    "pixel_shuffle batch_norm group_norm instance_norm layer_norm layer_norm native_layer_norm rms_norm reflection replication "
                    "circular pad constant_pad grid im2col channel_shuffle adaptive_max_pool2d lp avg_pool1d pixel_unshuffle norm_group".split())
    sides = 3 if kind == "conv3d" else 1 if kind in ("conv1d", "max_pool1d", "avg_pool1d") else 2
    x = p.pick(floating=True, least=sides + 2, most=sides + 2)
    if x is None or r.random() < 0.4:
        x = p.make([r.choice([1, 2, p.any_size(plain=True)]), 4, *[r.choice([8, 9, p.any_size(plain=True)]) for _ in range(sides)]],
                   layout=torch.channels_last if sides == 2 and r.random() < 0.3 else None)
    c, d = x.size(1), x.dtype
    if kind in ("conv1d", "conv2d", "conv3d"):
        k = r.choice([1, 2, 3])
        groups = r.choice([1, 1, 1, 2]) if isinstance(c, int) and c % 2 == 0 else 1
        w = p.make([4, c // groups, *[k] * sides], d, layout=torch.channels_last if sides == 2 and r.random() < 0.2 else None)
        return (kind, [x, w, r.choice([None, p.make([4], d)]), [r.choice([1, 2])] * sides, r.choice([[0] * sides, [1] * sides]), [1] * sides, groups], {})
    if kind == "convolution": return (kind, [x, p.make([4, c, 3, 3], d), None, [r.choice([1, 2])] * 2, [1, 1], [1, 1], False, [0, 0], 1], {})
    if kind == "transpose2d": return ("conv_transpose2d.input", [x, p.make([c, 3, 3, 3], d), None, [2, 2], [r.choice([0, 1])] * 2, [r.choice([0, 1])] * 2], {})
    if kind in ("max_pool2d", "avg_pool2d"): return (kind, [x, [2, 2], r.choice([[], [2, 2], [1, 2]]), r.choice([[0, 0], [1, 1]])], {}) if kind[0] == "a" else ("max_pool2d_with_indices", [x, [2, 2], r.choice([[], [2, 2]]), [0, 0], [1, 1], r.random() < 0.3], {})
    if kind in ("max_pool1d", "avg_pool1d"): return (kind, [x, [2], [r.choice([1, 2])]], {})
    if kind in ("adaptive_avg_pool2d", "adaptive_max_pool2d"): return (kind, [x, r.choice([[1, 1], [2, 3], [p.any_size(), 2]])], {})
    if kind == "nearest": return ("upsample_nearest2d.vec", [x, *r.choice([([p.any_size(), 4], None), (None, [2.0, 2.0])])], {})
    if kind in ("bilinear", "bicubic"): return (f"upsample_{kind}2d.vec", [x, *r.choice([([p.any_size(), 4], False, None), (None, False, [2.0, 1.5])])], {})
    if kind == "pixel_shuffle": return (kind, [x, 2], {})
    if kind == "pixel_unshuffle": return (kind, [x, 2], {})
    if kind == "channel_shuffle": return (kind, [x, 2], {})
    if kind == "batch_norm": return (kind, [x, p.make([c]), p.make([c]), p.make([c]), p.make([c]), r.random() < 0.5, 0.1, 1e-5, False], {})
    if kind == "instance_norm": return (kind, [x, None, None, None, None, True, 0.1, 1e-5, False], {})
    if kind == "group_norm": return (kind, [x, 2, *r.choice([(), (p.make([c]), p.make([c]))])], {})
    if kind == "norm_group":
        size = x.size()
        return ("native_group_norm", [x, None, None, size[0], c, size[2] if sides == 1 else size[2] * size[3], 2, 1e-5], {})
    if kind in ("layer_norm", "native_layer_norm", "rms_norm"):
        x = p.pick(floating=True, least=1)
        if x is None: return None
        shape = list(x.size())[-r.choice([1, 1, 2]):]
        w = r.choice([None, p.make(shape, x.dtype)])
        return (kind, [x, shape, w] + ([None, 1e-5] if kind[0] == "n" else [None] if kind[0] == "l" else []), {})
    if kind in ("reflection", "replication"): return (f"{kind}_pad2d", [x, [1, 1, r.choice([0, 1]), 1]], {})
    if kind == "circular": return ("pad", [x, [1, 1, 1, 1], "circular"], {})
    if kind == "pad": return (kind, [x, [1, r.choice([-1, 0, 2, p.any_size()])]], {})
    if kind == "constant_pad": return ("constant_pad_nd", [x, [1, r.choice([-1, 0, 2]), r.choice([0, 1]), -1]], {})
    if kind == "grid": return ("grid_sampler_2d", [x, p.make([x.size(0), 4, p.any_size(), 2], d), 0, 0, False], {})
    if kind == "im2col": return (kind, [x, [2, 2], [1, 1], [0, 0], [r.choice([1, 2])] * 2], {})
    return None


def attention(p, r):
    b, h, q, k, e = p.any_size(plain=True), r.choice([2, 4]), p.any_size(plain=True), p.any_size(plain=True), r.choice([4, 8])
    d = r.choice([f32, f32, torch.float16])
    kind = r.choice("sdpa sdpa causal mask mask loss nll bce mse dropout multi flash fft rfft hann lstm".split())
    x = p.make([b, h, q, e], d)
    if kind == "sdpa": return ("scaled_dot_product_attention", [x, p.make([b, h, k, e], d), p.make([b, h, k, e], d)], {})
    if kind == "causal": return ("scaled_dot_product_attention", [x, x, x, None, 0.0, True], {})
    if kind == "mask":
        mask = p.make(r.choice([[q, k], [b, 1, q, k], [1, 1, q, k]]), r.choice([torch.bool, d]))
        return ("scaled_dot_product_attention", [x, p.make([b, h, k, e], d), p.make([b, h, k, e], d), mask], {})
    if kind == "multi": return ("scaled_dot_product_attention", [x, *[p.make([b, h // 2, k, e], d)] * 2, None, 0.0, False], dict(enable_gqa=True))
    if kind == "flash": return p.device == "cpu" and ("_scaled_dot_product_flash_attention_for_cpu", [x, p.make([b, h, k, e], d), p.make([b, h, k, e], d)], {})
    if kind == "loss": return ("cross_entropy_loss", [p.make([q, e]), p.make([q], i64)], {})
    if kind == "nll": return ("nll_loss_forward", [p.make([q, e]), p.make([q], i64), None, r.choice([0, 1]), -100], {})
    if kind == "bce": return ("binary_cross_entropy_with_logits", [x, p.make([b, h, q, e], d)], {})
    if kind == "mse": return ("mse_loss", [x, p.make([b, h, q, e], d), r.choice([0, 1])], {})
    if kind == "dropout": return (kind, [x, r.choice([0.0, 0.5]), r.random() < 0.5], {})
    if kind == "fft": return ("fft_fft", [p.make([b, q])], {})
    if kind == "rfft": return ("fft_rfft", [p.make([b, q])], {})
    return None


def factories(p, r):
    kind = r.choice("zeros arange full_like new_zeros repeat repeat2 to clone contiguous copy full eye linspace new_full new_empty scalar_tensor tril_indices rand "
                    "randint empty_strided to_copy clone_format repeat_interleave arange_float arange_step empty_permuted lift randperm constant".split())
    x = p.pick(least=1)
    a, b = p.any_size(), p.any_size()
    if kind == "zeros": return (kind, [[a, b]], {})
    if kind == "arange": return (kind, [a], {})
    if kind == "arange_float": return r.choice([("arange.start", [0.5, a], {}), ("arange.start_step", [0, a, 0.5], {})])
    if kind == "arange_step": return ("arange.start_step", [r.choice([0, 1, b]), a, r.choice([1, 2, 3])], {})
    if kind == "new_zeros": return (kind, [x, [a, b]], {})
    if kind == "new_empty": return (kind, [x, [a]], {})
    if kind == "new_full": return (kind, [x, [a], r.choice([1, b])], {})
    if kind == "full": return (kind, [[a, b], r.choice([1, 0.5, True, a])], {})
    if kind == "full_like": return (kind, [x, 1.5], r.choice([{}, dict(dtype=i64)]))
    if kind == "eye": return r.choice([(kind, [a], {}), ("eye.m", [a, b], {})])
    if kind == "linspace": return (kind, [0, 1, r.choice([5, a])], {})
    if kind == "scalar_tensor": return (kind, [a], {})
    if kind == "tril_indices": return (kind, [r.choice([3, a]), 4], {})
    if kind == "rand": return (kind, [[a, 2]], {})
    if kind == "randint": return r.choice([(kind, [10, [a]], {}), (kind, [a, [3]], {})])
    if kind == "randperm": return (kind, [a], {})
    if kind == "empty_strided": return (kind, [[a, 3], [3, 1]], {})
    if kind == "empty_permuted": return (kind, [[a, b, 2], [2, 0, 1]], {})
    if kind == "to_copy": return ("_to_copy", [x], dict(dtype=r.choice([torch.float16, i64, torch.bool])))
    if kind == "clone_format":
        return x.dim() == 4 and r.choice([("clone", [x], dict(memory_format=torch.channels_last)), ("contiguous", [x], dict(memory_format=torch.channels_last))])
    if kind == "repeat": return (kind, [x, [2] + [1] * x.dim()], {})
    if kind == "repeat2": return ("repeat", [x, [r.choice([1, 2, a]) for _ in range(x.dim())]], {})
    if kind == "repeat_interleave": return ("repeat_interleave.self_int", [x, r.choice([1, 2, a]), r.choice([0, -1, None])], {})
    if kind == "to": return ("to.dtype", [x, r.choice([f32, i64, torch.float16])], {})
    if kind == "copy": return (kind, [x, p.pick()], {})
    if kind in ("clone", "contiguous"): return (kind, [x], {})
    return None


FAMILIES = [unary, binary, binary, scalar, ternary, in_place, reduction, reduction, view, view, view, slicing, slicing, joining, joining,
            data, data, numbers, numbers, indexing, indexing, sorting, products, products, images, images, attention, factories, factories]
