"""Copies of `.pt2` archives with other names, more nodes or another operator, for tests."""
import json, zipfile

# Ends every context in which a page could write a text.
HOSTILE = """\u202e"'><img src=x onerror=window.hit=1></script></style><!-- ${window.hit=1} &lt;b&gt;"""


def altered(source, target, change):
    """Writes a copy of an archive whose program is changed by `change(program)`."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith("models/model.json"):
                program = json.loads(content)
                change(program)
                content = json.dumps(program).encode()
            copy.writestr(name, content)


def graphs(value):
    """All graphs of a program, nested ones included."""
    if isinstance(value, dict):
        if "nodes" in value and "tensor_values" in value:
            yield value
        for inner in value.values():
            yield from graphs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from graphs(inner)


def make_hostile(program):
    """Gives nodes, inputs, modules, source lines and the version names that end any context of a page."""
    names = set()
    for graph in graphs(program):
        for table in ("tensor_values", "sym_int_values", "sym_bool_values", "sym_float_values", "custom_obj_values"):
            names.update(graph.get(table) or {})
        names.update(node["name"] for node in graph["nodes"] if node.get("name"))

    def renamed(value):
        if isinstance(value, str):
            return value + HOSTILE if value in names else value
        if isinstance(value, list):
            return [renamed(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        # The name of a parameter of a schema stays.
        kept = {"name"} if "arg" in value and "kind" in value else set()
        return {(key + HOSTILE if key in names and not isinstance(inner, str) else key): inner if key in kept else renamed(inner)
                for key, inner in value.items()}

    def hostile_metadata(metadata):
        trace = metadata.get("stack_trace")
        if trace:
            metadata["stack_trace"] = trace.replace('.py"', '.py%s"' % HOSTILE.replace('"', "")) + HOSTILE
        stack = metadata.get("nn_module_stack")
        if stack:
            metadata["nn_module_stack"] = ";".join(
                ",".join(part + HOSTILE.replace(";", "").replace(",", "") if place == 1 and part else part
                         for place, part in enumerate(entry.split(",", 2))) for entry in stack.split(";"))

    for key, value in list(program.items()):
        if key not in ("range_constraints", "torch_version", "opset_version", "schema_version"):
            program[key] = renamed(value)
    for graph in graphs(program):
        for node in graph["nodes"]:
            hostile_metadata(node["metadata"])
    program["torch_version"] += HOSTILE
    program["guards_code"] = (program.get("guards_code") or []) + [HOSTILE]


def make_long(count):
    """A change that adds `count` calls in a row, in modules of 100."""
    def change(program):
        graph = program["graph_module"]["graph"]
        users = [spec["user_input"]["arg"]["as_tensor"]["name"] for spec in program["graph_module"]["signature"]["input_specs"]
                 if "as_tensor" in spec.get("user_input", {}).get("arg", {})]
        source, value = users[0], graph["tensor_values"][users[0]]
        for index in range(count):
            name, module = f"chained_{index}", f"chain.{index // 100}"
            graph["nodes"].append({
                "target": "torch.ops.aten.neg.default", "name": name, "is_hop_single_tensor_return": None,
                "inputs": [{"name": "self", "arg": {"as_tensor": {"name": source}}, "kind": 1}],
                "outputs": [{"as_tensor": {"name": name}}],
                "metadata": {"nn_module_stack": f"L__self__,,Model;L__self__chain,{module},torch.nn.Module"}})
            graph["tensor_values"][name], source = value, name
    return change


def replace_operator(program):
    """Makes the last call of ATen one of an operator that nobody has."""
    for node in reversed(program["graph_module"]["graph"]["nodes"]):
        if node["target"].startswith("torch.ops.aten.") and "assert" not in node["target"]:
            node["target"] = "torch.ops.mylib.other.default"
            return
