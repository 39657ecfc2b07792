"""Records how PyTorch prints graphs, as printing.json: `python record.py` with torch 2.13 and tabulate."""

import contextlib
import io
import json
import math
import operator
import pathlib
import re
import warnings

import torch
from torch.fx import Graph, GraphModule, Transformer

warnings.simplefilter("ignore")
aten = torch.ops.aten


class Root(torch.nn.Module):
    """A module that accepts any path."""

    def __init__(self):
        super().__init__()
        self.sub = torch.nn.Module()
        self.sub.lin = torch.nn.Linear(1, 1)
        self.w = torch.nn.ParameterDict({"0": torch.nn.Parameter(torch.ones(1))})


def every_argument():
    g = Graph()
    x = g.placeholder("x")
    g.placeholder("y", default_value="hi")
    g.placeholder("*args")
    add = g.call_function(
        aten.add.Tensor,
        (x, 1e-05, "it's", None, True, complex(1, 2), torch.float32, torch.device("cuda", 0), torch.strided,
         torch.channels_last, aten.add.Tensor, slice(x, None, 1), range(3), [x, (x,)], {"k": x}),
        {"alpha": 2, "scale": 1e16})
    item = g.call_function(operator.getitem, (add, 0))
    g.call_function(torch.ops.higher_order.cond, (add, [item]))
    size = g.call_method("size", (x,))
    largest = g.call_function(torch.sym_max, (size, item))
    ceil = g.call_function(math.ceil, (largest,))
    g.call_function(operator.iadd, (largest, ceil))
    g.call_function(operator.setitem, (x, 0, ceil))
    weight = g.get_attr("w.0")
    called = g.call_module("sub.lin", (weight,), {"scale": x})
    g.output((add, "s", {"q": [called]}))
    return g


def operators():
    g = Graph()
    x, y = g.placeholder("x"), g.placeholder("y")
    a = g.call_function(operator.add, (x, y))
    b = g.call_function(operator.floordiv, (a, 2))
    c = g.call_function(operator.neg, (b,))
    d = g.call_function(operator.ge, (c, 0))
    e = g.call_function(operator.mod, (b, (3,)))
    f = g.call_function(operator.and_, (d, e))
    g.output([f])
    return g


def names():
    g = Graph()
    for name in ["input", "x", "x", "x_1", "x_5", "x", "a.b", "a-b", "9lives", "", "max", "__add__", "myName",
                 "torch", "_7", "x_05", "x_05"]:
        g.create_node("call_method", "m" if name == "" else name, (None,), {}, name=name)
    for name in ["__add__", "myName", "fooBAR", "relu", "relu", "layer.0"]:
        g.create_node("call_method", name, (None,), {})
    g.output(None)
    return g


def traces():
    g = Graph()
    x = g.placeholder("x")
    nodes = [x]
    for number in range(4):
        nodes.append(g.call_function(aten.relu.default, (nodes[-1],)))
    trace = '  File "model.py", line {}, in forward\n    return relu(x)\n'
    nodes[1].meta["stack_trace"] = trace.format(3) + trace.format(14)
    nodes[2].meta["stack_trace"] = trace.format(14)
    nodes[4].meta["stack_trace"] = trace.format(15)
    g.output((nodes[-1],))
    return g


def empty_results():
    g = Graph()
    g.placeholder("x")
    g.output(())
    return g


def reserved():
    g = Graph()
    node = g.placeholder("input")
    node.name = "input"
    other = g.call_function(aten.relu.default, (node,), name="input_1")
    g.output((other,))
    return g


def branch():
    inner = Graph()
    inner.output((inner.call_function(aten.sin.default, (inner.placeholder("x"),)),))
    return GraphModule(torch.nn.Module(), inner)


def nested():
    root = torch.nn.Module()
    root.true_graph_0 = branch()
    root.false_graph_0 = branch()
    outer = Graph()
    x = outer.placeholder("x")
    branches = [outer.get_attr("true_graph_0"), outer.get_attr("false_graph_0")]
    cond = outer.call_function(torch.ops.higher_order.cond, (x, *branches, (x,)))
    outer.output((outer.call_function(operator.getitem, (cond, 0)),))
    return GraphModule(root, outer)


class Swap(Transformer):
    def call_function(self, target, args, kwargs):
        return super().call_function(aten.gelu.default if target is aten.relu.default else target, args, kwargs)


def readable(graph):
    if graph.owning_module is not None:
        return graph.owning_module.print_readable(print_output=False)
    module = GraphModule(torch.nn.Module(), Graph())
    module.graph = graph
    return module.print_readable(print_output=False)


def tabular(graph):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        graph.print_tabular()
    return re.sub(r" at 0x[0-9a-f]+", "", output.getvalue().rstrip("\n"))


def transformed():
    root = Root()
    graph = Swap(GraphModule(root, traces())).transform().graph
    graph.owning_module = None
    return graph


if __name__ == "__main__":
    cases = []
    for build in [every_argument, operators, names, traces, empty_results, reserved, transformed, nested]:
        graph = build()
        graph = getattr(graph, "graph", graph)
        cases.append({
            "name": build.__name__, "torch": torch.__version__.split("+")[0], "text": str(graph),
            "tabular": None if build is every_argument else tabular(graph), "readable": readable(graph)})
    lines = ",\n".join(json.dumps(case) for case in cases)
    pathlib.Path(__file__).with_name("printing.json").write_text(f"[\n{lines}\n]\n")
