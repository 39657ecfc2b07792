#!/usr/bin/env python3
"""Export small programs with higher-order operators and record what PyTorch computes for them.

usage: record_higher_order.py OUT_DIR [NAME ...]

Writes hop_NAME_213.pt2 and hop_NAME_213.golden.json.gz, in the format of the corpus; Scripts/sample_corpus.py
copies them into the tests. Needs PyTorch 2.13.
"""
import gzip, json, pathlib, sys

import torch
from torch.export import Dim, export, load, save
from torch.fx.experimental.symbolic_shapes import PropagateUnbackedSymInts
from torch._higher_order_ops.effects import _EffectType, _register_effectful_op
from torch._higher_order_ops.scan import scan

DYNAMIC = Dim.DYNAMIC
randn = torch.randn


@torch.library.custom_op("hop::pick", mutates_args=())
def pick(x: torch.Tensor) -> torch.Tensor:
    return x.nonzero().float()


@pick.register_fake
def _(x):
    return x.new_empty(torch.library.get_ctx().new_dynamic_size(), 2)


_register_effectful_op(torch.ops.hop.pick.default, _EffectType.ORDERED)


class Scan(torch.nn.Module):
    def forward(self, xs, init):
        def step(carry, x):
            total = carry + x
            return total, (total.clone().t(), total.sum(0).clone())
        return scan(step, init, xs)


class Map(torch.nn.Module):
    def forward(self, xs, y):
        return torch._higher_order_ops.map(lambda x, y: (x.t() @ x + y, x.sum(1)), xs, y)


class CondSymbols(torch.nn.Module):
    def forward(self, x, y):
        places = x.nonzero()
        return torch.cond(
            x.sum() > 0, lambda x, p: (x.t() + 1, p.sum(1)), lambda x, p: (x.t() * 2, p[:1].sum(1)), (x, places))


class CondShapes(torch.nn.Module):
    def forward(self, x):
        return torch.cond(
            x.sum() > 0, lambda x: (x[::2].clone(), torch.cat([x, x], 1)), lambda x: (x.clone(), x.clone()), (x,))


class Autocast(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(4, 5)

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = self.linear(x)
            z = y + x[:, :1]
            inside = (y, torch.softmax(y, -1), torch.cat([y, x[:, :1]], 1), z, torch.einsum("ab,cb->ac", x, x),
                      x.prod(1), torch.nn.functional.mse_loss(y, z))
            with torch.autocast("cpu", enabled=False):
                outside = torch.mm(x, x.T)
        with torch.no_grad():
            constant = x.sin() + 1
        return *inside, outside, constant


class OutDtype(torch.nn.Module):
    def forward(self, x, w):
        return torch._higher_order_ops.out_dtype(torch.ops.aten.mm.default, torch.int32, x, w)


class Effects(torch.nn.Module):
    def forward(self, x):
        return torch.ops.hop.pick(x) + 1


class Print(torch.nn.Module):
    def forward(self, x):
        torch._higher_order_ops.print("x {}", x.shape[0])
        return x + 1


CASES = {
    "autocast": (Autocast(), (randn(5, 4),), ({0: DYNAMIC},)),
    "cond_shapes": (CondShapes(), (randn(5, 3),), ({0: DYNAMIC},)),
    "cond_symbols": (CondSymbols(), (randn(5, 3), randn(2)), ({0: DYNAMIC}, None)),
    "effects": (Effects(), (randn(5, 3),), ({0: DYNAMIC},)),
    "map": (Map(), (randn(5, 3, 4), randn(4, 4)), ({0: DYNAMIC, 1: DYNAMIC}, None)),
    "out_dtype": (OutDtype(), (torch.ones(4, 3, dtype=torch.int8), torch.ones(3, 5, dtype=torch.int8)),
                  ({0: DYNAMIC}, None)),
    "print": (Print(), (randn(5, 3),), ({0: DYNAMIC},)),
    "scan": (Scan(), (randn(5, 3, 3), randn(3, 3)), ({0: DYNAMIC}, None)),
}


def size(s):
    return int(s) if isinstance(s, int) or s.node.expr.is_number else {"expr": str(s.node.expr)}


def describe(v):
    if isinstance(v, torch.Tensor):
        return {"kind": "tensor", "dtype": str(v.dtype)[6:], "sizes": [size(s) for s in v.size()],
                "strides": [size(s) for s in v.stride()], "storage_offset": size(v.storage_offset()),
                "device": str(v.device), "layout": str(v.layout)[6:], "requires_grad": v.requires_grad}
    for kind, number in (("symint", torch.SymInt), ("symbool", torch.SymBool), ("symfloat", torch.SymFloat)):
        if isinstance(v, number):
            return {"kind": kind, "expr": str(v.node.expr)}
    for kind, plain in (("bool", bool), ("int", int), ("float", float), ("str", str)):
        if isinstance(v, plain):
            return {"kind": kind, "value": v}
    if isinstance(v, (tuple, list)):
        return {"kind": type(v).__name__, "items": [describe(x) for x in v]}
    if isinstance(v, dict):
        return {"kind": "dict", "items": {k: describe(x) for k, x in v.items()}}
    if isinstance(v, torch.nn.Module):
        return {"kind": "submodule"}
    return {"kind": "none"} if v is None else {"kind": "other", "repr": repr(v)[:80]}


def bound(x):
    return None if "oo" in str(x) else int(x) if x.is_integer else float(x)


def ranges(env):
    return {str(k): {"lower": bound(v.lower), "upper": bound(v.upper)} for k, v in env.var_to_range.items()}


def record(out, name):
    module, args, dynamic_shapes = CASES[name]
    program = export(module, args, dynamic_shapes=dynamic_shapes)
    if name == "effects":
        program = program.run_decompositions({})
    for module in program.graph_module.modules():
        for node in getattr(getattr(module, "graph", None), "nodes", ()):
            node.meta.pop("stack_trace", None)
    path = out / f"hop_{name}_213.pt2"
    save(program, path)
    graph_module = load(path).graph_module
    inputs = [n.meta["val"] for n in graph_module.graph.nodes if n.op == "placeholder"]
    mode = torch._guards.detect_fake_mode(inputs)
    env = mode.shape_env
    golden = {
        "name": path.stem, "family": "hop", "torch_version": torch.__version__, "targets": {},
        "placeholders": [{"name": n.name} for n in graph_module.graph.nodes if n.op == "placeholder"],
        "bindings": {n.name: {str(k): [str(x) for x in p] for k, p in n.meta["unbacked_bindings"].items()}
                     for n in graph_module.graph.nodes if n.meta.get("unbacked_bindings")},
        "before": {"var_to_range": ranges(env)},
    }
    mode.epoch += 1
    with mode:
        interpreter = PropagateUnbackedSymInts(graph_module, garbage_collect_values=False)
        interpreter.run(*inputs)
    golden |= {
        "values": {n.name: describe(v) for n, v in interpreter.env.items()}, "var_to_range": ranges(env),
        "guards": [str(g.expr) for g in env.guards],
        "replacements": {str(k): {"expr": str(v)} for k, v in env.replacements.items()},
        "deferred_runtime_asserts": {str(k): [str(x.expr) for x in v] for k, v in env.deferred_runtime_asserts.items()},
    }
    path.with_suffix(".golden.json.gz").write_bytes(gzip.compress(json.dumps(golden).encode()))


def main():
    out = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or CASES:
        record(out, name)


if __name__ == "__main__":
    main()
