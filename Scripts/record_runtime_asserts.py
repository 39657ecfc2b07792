#!/usr/bin/env python3
"""Record what PyTorch's `insert_deferred_runtime_asserts` does to exported programs.

usage: record_runtime_asserts.py OUT_DIR ARCHIVE ...

Loads each archive and propagates it, so that the shape environment holds the deferred asserts. Runs the pass on
the graph as it is (`full`) and on one without its asserts and the sizes that only they read (`stripped`), and
writes NAME.asserts.json: the calls in order, as target and arguments. `%3` is the value of the third node, `_`
an argument that is neither a node nor a number; messages are cut before the name of the node. Needs PyTorch 2.13.
"""
import json, pathlib, sys, warnings

import torch
from torch.fx.experimental.symbolic_shapes import PropagateUnbackedSymInts
from torch.fx.passes.runtime_assert import insert_deferred_runtime_asserts

warnings.filterwarnings("ignore")

ASSERTS = {"torch.ops.aten._assert_scalar.default", "torch.ops.aten.sym_constrain_range.default",
           "torch.ops.aten.sym_constrain_range_for_size.default"}


def target(node):
    t = node.target
    if isinstance(t, str):
        return t
    if isinstance(t, torch._ops.HigherOrderOperator):
        return f"torch.ops.higher_order.{t.name()}"
    if isinstance(t, torch._ops.OpOverload):
        return f"torch.ops.{t}"
    return f"{t.__module__}.{t.__name__}"


def is_arithmetic(text):
    return (text.startswith(("torch.ops.aten.sym_", "torch.sym_", "_operator.", "torch._sym_"))
            and text != "_operator.getitem")


def strip(graph):
    for node in reversed(list(graph.nodes)):
        text = target(node)
        if text in ASSERTS or (node.op == "call_function" and is_arithmetic(text) and not node.users):
            graph.erase_node(node)


def argument(value, numbers):
    if isinstance(value, torch.fx.Node):
        return f"%{numbers[value]}"
    if isinstance(value, (bool, int, float)):
        return str(value)
    if isinstance(value, str):
        return value.split(" on node")[0]
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(argument(x, numbers) for x in value) + "]"
    return "_"


def calls(graph):
    numbers = {node: index for index, node in enumerate(graph.nodes)}
    return [[target(n), *(argument(a, numbers) for a in n.args)] for n in graph.nodes if n.op == "call_function"]


def after_pass(path, strips):
    module = torch.export.load(path).graph_module
    values = [n.meta["val"] for n in module.graph.nodes if n.op == "placeholder"]
    mode = torch._guards.detect_fake_mode([n.meta.get("val") for n in module.graph.nodes])
    mode.epoch += 1
    with mode:
        PropagateUnbackedSymInts(module).run(*values)
    if strips:
        strip(module.graph)
    insert_deferred_runtime_asserts(module, mode.shape_env, "", export=True)
    module.graph.lint()
    return calls(module.graph)


def main():
    out = pathlib.Path(sys.argv[1])
    for path in map(pathlib.Path, sys.argv[2:]):
        lines = []
        for key, strips in (("full", False), ("stripped", True)):
            rows = ",\n".join(json.dumps(x) for x in after_pass(path, strips))
            lines.append(f"{json.dumps(key)}: [\n{rows}\n]")
        text = '{"torch": %s,\n%s}\n' % (json.dumps(torch.__version__), ",\n".join(lines))
        (out / f"{path.stem}.asserts.json").write_text(text)


if __name__ == "__main__":
    main()
