import ExportedPrograms
import ZipArchives

/// The JSON of a small program whose parts tests replace.
struct ProgramText {
  var inputs = #"[{"as_tensor": {"name": "x"}}]"#
  var outputs = #"[{"as_tensor": {"name": "y"}}]"#
  var nodes = [ProgramText.node("y", "torch.ops.aten.relu.default", #"{"as_tensor": {"name": "x"}}"#)]
  var tensorValues = #"{"x": \#(tensor("{\"as_int\": 4}")), "y": \#(tensor("{\"as_int\": 4}"))}"#
  var symInts = "{}"
  var symFloats = "{}"
  var symBools = "{}"
  var inputSpecs = #"[{"user_input": {"arg": {"as_tensor": {"name": "x"}}}}]"#
  var outputSpecs = "[]"
  var version = #"{"major": 8, "minor": 20}"#
  var moduleCalls = "[]"
  var ranges = "{}"
  /// The members of the graph, in written order.
  var order = [
    "inputs", "outputs", "nodes", "tensor_values", "sym_int_values", "sym_float_values", "sym_bool_values",
  ]

  static func node(_ name: String, _ target: String, _ args: String...) -> String {
    let inputs = args.map { #"{"name": "a", "arg": \#($0), "kind": 1}"# }.joined(separator: ", ")
    return #"""
      {"target": "\#(target)", "inputs": [\#(inputs)], "outputs": [{"as_tensor": {"name": "\#(name)"}}], "metadata": {}}
      """#
  }

  static func tensor(_ sizes: String...) -> String {
    let strides = sizes.map { _ in #"{"as_int": 1}"# }.joined(separator: ", ")
    return #"""
      {"dtype": 7, "sizes": [\#(sizes.joined(separator: ", "))], "requires_grad": false, "layout": 7, \#
      "device": {"type": "cpu", "index": null}, "strides": [\#(strides)], "storage_offset": {"as_int": 0}}
      """#
  }

  var graph: String {
    let members = [
      "inputs": inputs, "outputs": outputs, "nodes": "[\(nodes.joined(separator: ", "))]",
      "tensor_values": tensorValues, "sym_int_values": symInts, "sym_float_values": symFloats,
      "sym_bool_values": symBools,
    ]
    return "{\(order.map { "\"\($0)\": \(members[$0] ?? "null")" }.joined(separator: ", "))}"
  }

  var json: String {
    #"""
    {"graph_module": {"graph": \#(graph), "signature": {"input_specs": \#(inputSpecs), "output_specs": \#(outputSpecs)},
     "module_call_graph": \#(moduleCalls), "metadata": {}}, "range_constraints": \#(ranges),
     "schema_version": \#(version), "torch_version": "2.13.0"}
    """#
  }

  func load(_ limits: ArchiveLimits = .default) throws -> ExportedProgram {
    try load(json, limits)
  }

  /// Loads any text as a program.
  func load(_ json: String, _ limits: ArchiveLimits = .default) throws -> ExportedProgram {
    var writer = ZipWriter()
    try writer.add("m/archive_format", "pt2".utf8)
    try writer.add("m/models/model.json", json.utf8)
    return try ExportedProgram(ProgramArchive(bytes: writer.finish(), limits: limits))
  }
}
