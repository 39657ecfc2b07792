#!/usr/bin/env python3
"""Write programs of a given size that are large in one way each, for check_hostile.py.

usage: large_programs.py FOLDER [--bytes 1000000] [KIND ...]

Each kind grows one thing until the file has so many bytes: nodes, lists, symbols, expressions, nesting, guards, texts.
Writes KIND.pt2, or KIND.txt for what PyTorch prints, and lists them.
"""
import argparse, json, pathlib, zipfile

LAYOUT = {"requires_grad": False, "device": {"type": "cpu", "index": None}, "storage_offset": {"as_int": 0}, "layout": 7}
SCHEMA = {"major": 8, "minor": 14}


def integer(value):
    """A size: an integer, or the text of an expression."""
    return {"as_int": value} if isinstance(value, int) else {"as_expr": {"expr_str": value, "hint": {"as_int": 4}}}


def backed(name): return f"Symbol('{name}', positive=True, integer=True)"
def unbacked(name): return f"Symbol('{name}', integer=True)"
def tensor(name): return {"as_tensor": {"name": name}}
def tensors(names): return {"as_tensors": [{"name": n} for n in names]}
def symbol(name): return {"as_sym_int": {"as_name": name}}


class Graph:
    """A graph being written."""

    def __init__(self):
        self.inputs, self.outputs, self.nodes = [], [], []
        self.tensors, self.integers, self.truths = {}, {}, {}

    def value(self, name, sizes, dtype=7):
        strides = [{"as_int": 1}] * len(sizes)
        if all(isinstance(size, int) for size in sizes):
            for dim in range(len(sizes) - 2, -1, -1):
                strides[dim] = {"as_int": strides[dim + 1]["as_int"] * sizes[dim + 1]}
        self.tensors[name] = {"dtype": dtype, "sizes": [integer(s) for s in sizes], **LAYOUT, "strides": strides}
        return name

    def input(self, name, sizes, dtype=7):
        self.inputs.append(tensor(self.value(name, sizes, dtype)))
        return name

    def node(self, target, arguments, outputs, name=None, **metadata):
        name = name or next(iter(next(iter(o.values())).values()) for o in outputs if "as_tensors" not in o)
        self.nodes.append({
            "target": target if target.startswith(("torch.", "_operator.")) else f"torch.ops.aten.{target}",
            "inputs": [{"name": "", "arg": a, "kind": 1} for a in arguments],
            "outputs": outputs, "metadata": metadata, "name": name, "is_hop_single_tensor_return": None})
        return name

    def call(self, target, arguments, name, **metadata):
        """A node whose value is one tensor, of which nothing is recorded."""
        return self.node(target, arguments, [tensor(name)], name, **metadata)

    def item(self, name, of):
        """A node that reads the unbacked symbol `name`."""
        self.integers[name] = {"as_expr": {"expr_str": unbacked(name), "hint": None}}
        return self.node("item.default", [tensor(of)], [symbol(name)], name)

    def tree(self):
        return {
            "inputs": self.inputs, "outputs": self.outputs, "nodes": self.nodes, "tensor_values": self.tensors,
            "sym_int_values": self.integers, "sym_bool_values": self.truths, "is_single_tensor_return": False,
            "custom_obj_values": {}, "sym_float_values": {}}


class Program(Graph):
    """A program being written."""

    def __init__(self):
        super().__init__()
        self.ranges, self.guards = {}, []

    def range(self, name, least=2, most=None):
        self.ranges[name] = {"min_val": least, "max_val": most}

    def vectors(self, n):
        """Inputs of one dim, each with a symbol of its own."""
        for i in range(n):
            self.range(f"s{i}")
            self.input(f"x{i}", [backed(f"s{i}")])

    def text(self):
        self.outputs = self.outputs or self.inputs[:1]
        return json.dumps({
            "graph_module": {
                "graph": self.tree(),
                "signature": {
                    "input_specs": [{"user_input": {"arg": a}} for a in self.inputs],
                    "output_specs": [{"user_output": {"arg": a}} for a in self.outputs]},
                "module_call_graph": [{"fqn": "", "signature": None}], "metadata": {},
                "treespec_namedtuple_fields": {}},
            "opset_version": {"aten": 10}, "range_constraints": self.ranges, "schema_version": SCHEMA, "verifiers": ["TRAINING"],
            "torch_version": "2.13.0", "guards_code": self.guards})


# Programs by how many of something they have.

def relus(n):
    """Calls with the metadata that PyTorch writes."""
    p = Program()
    p.range("s0")
    last = p.input("x", [backed("s0"), 16])
    for i in range(n):
        last = p.call("relu.default", [tensor(last)], p.value(f"relu_{i}", [backed("s0"), 16]), nn_module_stack="L__self__,,M",
                      stack_trace=f'File "model.py", line {i}, in forward\n    x = torch.relu(x)', torch_fn="relu_1;relu")
    return p.text()


def short_calls(n):
    """Calls in as few bytes as there can be."""
    p = Program()
    p.range("s0")
    last = p.input("x", [backed("s0"), 16])
    for i in range(n): last = p.call("relu.default", [tensor(last)], f"r{i}")
    return p.text()


def matrix_products(n):
    """Calls of many FLOPs whose values all stay alive."""
    p = Program()
    p.range("s0")
    last = p.input("x", [backed("s0"), backed("s0")])
    for i in range(n): last = p.call("mm.default", [tensor(last), tensor("x")], f"m{i}")
    return p.text()


def long_list(n):
    """One concatenation of many tensors."""
    p = Program()
    p.range("s0")
    p.input("x", [backed("s0"), 16])
    p.call("cat.default", [tensors(["x"] * n)], "y")
    return p.text()


def long_split(n):
    """One split into many pieces, with their sizes."""
    p = Program()
    p.input("x", [n])
    p.node("split_with_sizes.default", [tensor("x"), {"as_ints": [1] * n}], [tensors(["a"])], "a")
    return p.text()


def pieces(n):
    """Many splits into as many pieces as a run may have."""
    p = Program()
    p.input("x", [2048])
    for i in range(n): p.node("unbind.int", [tensor("x"), {"as_int": 0}], [tensors([f"u{i}_0"])], f"u{i}")
    return p.text()


def long_outputs(n):
    """Splits whose pieces are all nodes."""
    p = Program()
    p.input("x", [256])
    for i in range(n // 256 or 1):
        p.node("unbind.int", [tensor("x"), {"as_int": 0}], [tensors([f"p{i}_{k}" for k in range(256)])], f"u{i}")
    return p.text()


def grid(n):
    """A grid of ever more axes."""
    p = Program()
    p.input("x", [4])
    p.node("meshgrid.default", [tensors(["x"] * n)], [tensors([f"g{i}" for i in range(n)])], "g0")
    return p.text()


def inputs(n):
    """Inputs, each with a symbol of its own."""
    p = Program()
    p.vectors(n)
    return p.text()


def outputs(n):
    """Outputs of one value each."""
    p = Program()
    p.range("s0")
    p.input("x", [backed("s0")])
    for i in range(n): p.outputs.append(tensor(p.call("relu.default", [tensor("x")], f"r{i}")))
    return p.text()


def items(n):
    """Unbacked symbols, each a size, checked and used."""
    p = Program()
    p.input("k", [], 5)
    for i in range(n):
        p.item(f"u{i}", "k")
        p.node("_assert_scalar.default", [symbol(f"u{i}"), {"as_string": "m"}], [], f"a{i}")
        p.node("full.default", [{"as_sym_ints": [{"as_name": f"u{i}"}]}, {"as_int": 1}], [tensor(f"f{i}")], f"f{i}")
    return p.text()


def nonzeros(n):
    """Sizes that depend on data, each of the one before."""
    p = Program()
    p.range("s0")
    last = p.input("x", [backed("s0")], 5)
    for i in range(n):
        p.value(f"n{i}", [unbacked(f"u{i}"), 1], 5)
        p.range(f"u{i}", 0)
        p.call("nonzero.default", [tensor(last)], f"n{i}")
        last = p.call("view.default", [tensor(f"n{i}"), {"as_ints": [-1]}], f"v{i}")
    return p.text()


def sums(n):
    """A size that is the sum of ever more symbols."""
    p = Program()
    p.vectors(n)
    last = "x0"
    for i in range(1, n): last = p.call("cat.default", [tensors([last, f"x{i}"])], f"c{i}")
    return p.text()


def products(n):
    """A size that is the product of ever more symbols."""
    p = Program()
    p.vectors(n)
    last = "x0"
    for i in range(1, n):
        p.call("outer.default", [tensor(last), tensor(f"x{i}")], f"o{i}")
        last = p.call("reshape.default", [tensor(f"o{i}"), {"as_ints": [-1]}], f"r{i}")
    return p.text()


def divisions(n):
    """A size that is a chain of divisions."""
    p = Program()
    p.range("s0")
    last = p.input("x", [backed("s0")])
    for i in range(n):
        p.node("slice.Tensor", [tensor(last), {"as_int": 0}, {"as_int": 0}, {"as_int": 1 << 60}, {"as_int": 2 + i % 3}],
               [tensor(f"d{i}")], f"d{i}")
        last = p.call("cat.default", [tensors([f"d{i}", "x"])], f"c{i}")
    return p.text()


def long_expression(n):
    """One size of many terms."""
    p = Program()
    for i in range(n): p.range(f"s{i}")
    p.input("x", [f"Add({', '.join(backed(f's{i}') for i in range(n))})"])
    p.call("cat.default", [tensors(["x", "x"])], "y")
    return p.text()


def expressions(n):
    """Inputs whose sizes are expressions of a dozen symbols."""
    p = Program()
    for i in range(12): p.range(f"s{i}")
    for i in range(n):
        terms = ", ".join(f"Mul(Integer({(i * 7 + j) % 97 + 1}), {backed(f's{j}')})" for j in range(12))
        p.input(f"x{i}", [f"Max({backed('s0')}, FloorDiv(Add({terms}), Integer({i + 2})))"])
    return p.text()


def deep_expression(n):
    """Sizes as deep as an expression may be."""
    p = Program()
    p.range("s0")
    for i in range(n):
        text = backed("s0")
        for k in range(200): text = f"FloorDiv(Add({text}, Integer({i + k + 1})), Integer(2))"
        p.input(f"x{i}", [text])
    return p.text()


def wide_expressions(n):
    """Sizes of thousands of terms, as many as an expression may have."""
    p = Program()
    terms = min(n, 4_000)
    for i in range(terms): p.range(f"s{i}")
    for i in range(n // terms):
        sum = ", ".join(f"Mul(Integer({(i + k) % 97 + 1}), {backed(f's{k}')})" for k in range(terms))
        p.input(f"x{i}", [f"Add({sum})"])
    p.call("cat.default", [tensors([f"x{i}" for i in range(n // terms)])], "y")
    p.call("relu.default", [tensor("y")], "z")
    return p.text()


def relus_of(symbols, sizes):
    """Inputs of these sizes, each with a call of its own."""
    p = Program()
    for i in range(symbols): p.range(f"s{i}")
    for i, size in enumerate(sizes): p.call("relu.default", [tensor(p.input(f"x{i}", size))], f"r{i}")
    return p.text()


def nested(text, depth, wrap):
    """A text wrapped so many times."""
    for k in range(depth): text = wrap(text, k)
    return text


def wide_products(n):
    """Sizes that are products of hundreds of symbols, some of them of sums."""
    def factor(i, k): return f"Add({backed(f's{k}')}, Integer({k % 7}))" if k % 40 == i % 40 else backed(f"s{k}")
    return relus_of(400, ([f"Mul({', '.join(factor(i, k) for k in range(400))})", 4] for i in range(n)))


def wide_extremes(n):
    """Sizes that are the largest of many sums."""
    def sum(i, k): return f"Add({backed(f's{k}')}, Integer({(i + k) % 31 + 1}))"
    return relus_of(100, ([f"Max({', '.join(sum(i, k) for k in range(100))})", 4] for i in range(n)))


def nested_expressions(n):
    """Sizes as deep as an expression may be."""
    def size(i):
        return nested(backed("s0"), 120, lambda text, k:
                      f"FloorDiv(Add({text}, Integer({i + k + 1})), Integer({2 + (i + k) % 3}))")
    return relus_of(1, ([size(i)] for i in range(n)))


def nested_remainders(n):
    """Sizes as deep as an expression may be, of remainders and products."""
    def size(i):
        return nested(backed("s0"), 120, lambda text, k: f"Mod(Mul({text}, {backed('s1')}), Integer({1000 + i + k}))")
    return relus_of(2, ([f"Add(Integer(2), {size(i)})"] for i in range(n)))


def long_symbols(n):
    """Symbols of names as long as they may be, in sizes, sums and products."""
    p = Program()
    last = None
    for i in range(n):
        name = f"s{i}" + "a" * (1_020 - len(str(i)))
        p.range(name)
        p.call("relu.default", [tensor(p.input(f"x{i}", [backed(name)]))], f"r{i}")
        last = p.call("cat.default", [tensors([last or "x0", f"x{i}"])], f"c{i}")
    return p.text()


def many_dims(n):
    """Tensors of 64 symbolic dims, each made contiguous in another order."""
    p = Program()
    for i in range(64): p.range(f"s{i}")
    last = p.input("x", [backed(f"s{i}") for i in range(64)])
    for i in range(n):
        p.call("transpose.int", [tensor(last), {"as_int": i % 64}, {"as_int": (i * 29 + 1) % 64}], f"t{i}")
        last = p.call("contiguous.default", [tensor(f"t{i}")], f"c{i}")
    return p.text()


def branches(n):
    """Conditionals, one after the other."""
    p = Program()
    p.input("k", [], 12)
    p.range("s0")
    last = p.input("x", [backed("s0"), 4])
    for i in range(n): last = branch(p, last, f"c{i}", lambda g: None)
    return p.text()


def branch(graph, of, name, fill):
    """Calls `cond` with two branches of one call, after what `fill` writes into the first."""
    graphs = []
    for side in "tf":
        g = Graph()
        g.input("x", [backed("s0"), 4])
        g.input("k", [], 12)
        last = (fill(g) if side == "t" else None) or "x"
        g.call("relu.default", [tensor(last)], g.value("y", [backed("s0"), 4]))
        g.outputs = [tensor("y")]
        graphs.append({"as_graph": {"name": f"{side}_{name}", "graph": g.tree()}})
    graph.value(name, [backed("s0"), 4])
    return graph.node("torch.ops.higher_order.cond", [tensor("k"), *graphs, tensors([of, "k"])], [tensors([name])], name) and name


def nested_branches(n):
    """Conditionals inside each other, ten deep and many times."""
    p = Program()
    p.input("k", [], 12)
    p.range("s0")
    last = p.input("x", [backed("s0"), 4])
    def inside(depth): return lambda g: branch(g, "x", f"c{depth}", inside(depth - 1)) if depth else None
    for i in range(n): last = branch(p, last, f"c_{i}", inside(10))
    return p.text()


def guards(n):
    """Guards on the sizes of inputs."""
    p = Program()
    for i in range(8):
        p.range(f"s{i}")
        p.input(f"x{i}", [backed(f"s{i}"), backed(f"s{(i + 1) % 8}")])
    for i in range(n):
        p.guards.append(f"{i + 2}*L['x{i % 8}'].size()[0] + L['x{(i + 3) % 8}'].size()[1] <= {1000 * (i + 7)}")
    return p.text()


def ranges(n):
    """Ranges of symbols that nothing uses."""
    p = Program()
    p.input("x", [4])
    for i in range(n): p.range(f"s{i}")
    return p.text()


def asserts(n):
    """Runtime asserts about a few unbacked symbols."""
    p = Program()
    p.input("k", [], 5)
    for i in range(8): p.item(f"u{i}", "k")
    for i in range(n):
        p.node("_operator.mul", [symbol(f"u{i % 8}"), {"as_int": i + 2}], [symbol(f"m{i}")], f"m{i}")
        p.node("_operator.add", [symbol(f"m{i}"), symbol(f"u{(i + 3) % 8}")], [symbol(f"s{i}")], f"s{i}")
        p.node("_operator.le", [symbol(f"s{i}"), {"as_int": 1000 * (i + 7)}], [{"as_sym_bool": {"as_name": f"b{i}"}}], f"b{i}")
        p.node("_assert_scalar.default", [{"as_sym_bool": {"as_name": f"b{i}"}}, {"as_string": "m"}], [], f"a{i}")
    return p.text()


def questions(n):
    """Decisions about unbacked sizes, which `--keep-going` settles."""
    p = Program()
    p.input("k", [], 5)
    p.input("x", [7, 5])
    for i in range(n):
        p.item(f"u{i}", "k")
        p.call("narrow.default", [tensor("x"), {"as_int": 0}, symbol(f"u{i}"), {"as_int": 2}], f"n{i}")
        p.call("expand.default", [tensor("x"), {"as_sym_ints": [{"as_name": f"u{i}"}, {"as_int": 5}]}], f"e{i}")
    return p.text()


def long_symbol(n):
    """A symbol of a long name in the sizes of many values."""
    p = Program()
    name = "s" + "a" * (n // 2)
    p.range(name)
    last = p.input("x", [backed(name), 4])
    for i in range(n // 400): last = p.call("relu.default", [tensor(last)], f"r{i}")
    return p.text()


def long_name(n):
    """A node of a long name."""
    p = Program()
    p.input("x", [4])
    p.call("relu.default", [tensor("x")], "r" * (n // 4))
    p.call("relu.default", [tensor("r" * (n // 4))], "y")
    return p.text()


def long_trace(n):
    """A node whose stack trace is long."""
    p = Program()
    p.range("s0")
    p.input("x", [backed("s0"), 4])
    p.call("relu.default", [tensor("x")], "y", stack_trace='File "m.py", line 3, in forward\n    x = y\n' * (n // 40))
    p.call("nonzero.default", [tensor("y")], "z", nn_module_stack="L__self__,,M", stack_trace="x" * (n // 40))
    return p.text()


def escapes(n):
    """Names and texts of characters that must be escaped."""
    p = Program()
    last = p.input("x", [4])
    for i in range(n):
        last = p.call("relu.default", [tensor(last)], f"\x1b[31m\u202e<&>\"'{i}", stack_trace="\x07\u2028" * 20)
    return p.text()


def unknown_calls(n):
    """Calls of operators that nobody knows."""
    p = Program()
    last = p.input("x", [4])
    for i in range(n): last = p.call(f"unknown_{i}.default", [tensor(last)], p.value(f"y{i}", [4]))
    return p.text()


def failing_calls(n):
    """Calls that PyTorch refuses."""
    p = Program()
    p.input("x", [4, 3])
    for i in range(n): p.call("mm.default", [tensor("x"), tensor("x")], f"y{i}")
    return p.text()


def constants(n):
    """Calls with lists of numbers."""
    p = Program()
    p.input("x", [4] * 8)
    for i in range(n):
        p.call("permute.default", [tensor("x"), {"as_ints": [(i + k) % 8 for k in range(8)]}], f"p{i}")
    return p.text()


def listing(n):
    """A graph as PyTorch prints it."""
    lines = ["class GraphModule(torch.nn.Module):", '    def forward(self, x: "f32[s0, 16]"):']
    last = "x"
    for i in range(n):
        lines.append(f'        relu_{i}: "f32[s0, 16]" = torch.ops.aten.relu.default({last});  {last} = None')
        last = f"relu_{i}"
    return "\n".join(lines + [f"        return ({last},)", ""])


ARCHIVES = [
    relus, short_calls, matrix_products, long_list, long_split, pieces, long_outputs, grid, inputs, outputs, items, nonzeros, sums, products,
    divisions, long_expression, expressions, deep_expression, wide_expressions, wide_products, wide_extremes,
    nested_expressions, nested_remainders, long_symbols, many_dims, branches, nested_branches, guards, ranges,
    asserts, questions, long_symbol, long_name, long_trace, escapes, unknown_calls, failing_calls, constants,
]
TEXTS = [listing]


def filled(make, size):
    """The text of the largest program of a kind that has at most `size` bytes, or of one that is a little larger."""
    count = 4
    text = make(count)
    while True:
        # What is not in proportion to the count, such as 64 inputs, is part of the quotient; one step more levels it.
        larger = max(count + 1, count * size // len(text))
        if larger - count <= count // 50: return text
        count, text = larger, make(larger)
        if len(text) > size: return text


def write(folder, make, size):
    """Writes one program, and returns its path."""
    text = filled(make, size)
    if make in TEXTS:
        path = folder / f"{make.__name__}.txt"
        path.write_text(text)
        return path
    path = folder / f"{make.__name__}.pt2"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in [("models/model.json", text), ("archive_format", "pt2"), ("archive_version", "0"),
                              ("byteorder", "little"), ("data/weights/model_weights_config.json", '{"config": {}}'),
                              ("data/constants/model_constants_config.json", '{"config": {}}')]:
            archive.writestr(f"m/{name}", content)
    return path


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("kinds", nargs="*", metavar="KIND", help="all unless given")
    p.add_argument("--bytes", type=int, default=1_000_000)
    a = p.parse_args()
    known = {make.__name__: make for make in ARCHIVES + TEXTS}
    for kind in a.kinds:
        if kind not in known: p.error(f"no kind '{kind}'; there are {', '.join(known)}")
    a.folder.mkdir(parents=True, exist_ok=True)
    for kind in a.kinds or known:
        path = write(a.folder, known[kind], a.bytes)
        print(f"{path} {path.stat().st_size}")


if __name__ == "__main__":
    main()
