"""Records reinplace.json: graphs before and after `torch.fx.passes.reinplace` of PyTorch 2.13.

usage: python record.py > reinplace.json
"""
import json

import torch
from torch.func import functionalize
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.passes.reinplace import reinplace


def basic(x):
    return x.clone().add(1)


def chain(x):
    return x.sin().cos().mul(2).relu()


def input_is_kept(x):
    return x.add(1)


def view_is_not_read(x):
    a = x.clone()
    a.view(-1)
    return a.add(1)


def view_is_read(x):
    a = x.clone()
    v = a.view(-1)
    return a.add(1), v.sum()


def other_dtype(x):
    a = x.clone()
    return torch.ge(a, 0)


def overlapping(x):
    return x[0, :1].clone().expand(4, 4).add(1)


def same_argument(x):
    a = x.clone()
    return a.mul(a)


def returned(x):
    a = x.sin()
    return a, a.cos()


def scatter(x):
    a = x.clone()
    b = a.clone()
    b[1].unsqueeze(0).mul_(2)
    return a + b[1].unsqueeze(0)


def scatter_twice(x):
    a = x.clone()
    a[:, 1][1].add_(1)
    return a


def split(x):
    a = x.clone()
    b, c = a.split(2)
    b.add_(1)
    return a, c.sum()


def diagonal(x):
    a = x.clone()
    a.diagonal().fill_(0)
    return a + 1


def copied_in(x):
    return torch.select_scatter(x.sin(), x[0], 0, 1)


cases = [
    basic, chain, copied_in, diagonal, input_is_kept, other_dtype, overlapping, returned, same_argument,
    scatter, scatter_twice, split, view_is_not_read, view_is_read,
]
rows = []
for case in cases:
    x = torch.arange(16.0).view(4, 4)
    module = make_fx(functionalize(case), tracing_mode="fake")(x)
    module.graph.eliminate_dead_code()
    module.recompile()
    before = module.print_readable(print_output=False, include_stride=True, include_device=True)
    after = reinplace(module, x)
    assert all(map(torch.equal, *(torch.utils._pytree.tree_leaves(f(x.clone())) for f in (case, after))))
    rows.append({"name": case.__name__, "before": before, "after": str(after.graph)})
print(json.dumps(rows, indent=1))
