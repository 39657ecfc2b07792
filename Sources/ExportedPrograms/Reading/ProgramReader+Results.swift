import FX

/// An output of a node in the archive.
indirect enum NodeOutput {
  /// A tensor or a symbolic number, by name.
  case value(JSONString)
  case none
  /// A list of values, such as the result of `split`.
  case list([NodeOutput])
  /// A constant, or an output of an unknown kind.
  case constant(Node.Argument)
}

/// Operators with several results: PyTorch lists the names, and the graph has one `getitem` node for each.
extension ProgramReader {
  /// Reads one output of a node.
  mutating func output() throws(JSONFailure) -> NodeOutput {
    _ = scanner.peek()
    if let name = scanner.usualTensor() { return .value(name) }
    let tag = try scanner.beginUnion()
    let output: NodeOutput
    switch tag {
    case "as_tensor", "as_custom_obj": output = .value(try scanner.member("name"))
    case "as_sym_int", "as_sym_bool", "as_sym_float": output = try symbolicOutput()
    case "as_none":
      try scanner.skipValue()
      output = .none
    case "as_tensors":
      output = try list { (reader) throws(JSONFailure) in .value(try reader.scanner.member("name")) }
    case "as_sym_ints", "as_sym_bools", "as_sym_floats":
      output = try list { (reader) throws(JSONFailure) in try reader.symbolicOutput() }
    case "as_optional_tensors": output = try list { (reader) throws(JSONFailure) in try reader.output() }
    case "as_optional_tensor": output = try self.output()
    default: output = .constant(try scanner.constant(tag))
    }
    try scanner.endUnion()
    return output
  }

  private mutating func list(
    _ element: (inout ProgramReader) throws(JSONFailure) -> NodeOutput
  ) throws(JSONFailure) -> NodeOutput {
    var outputs: [NodeOutput] = []
    try scanner.beginArray()
    while try scanner.nextElement() { outputs.append(try element(&self)) }
    return .list(outputs)
  }

  /// Reads `{as_name}`, or a number.
  private mutating func symbolicOutput() throws(JSONFailure) -> NodeOutput {
    let tag = try scanner.beginUnion()
    let output: NodeOutput =
      tag == "as_name" ? .value(try scanner.string()) : .constant(try scanner.constant(tag))
    try scanner.endUnion()
    return output
  }

  /// Adds the `getitem` nodes of a node whose results the archive lists, and records their structure.
  ///
  /// - Source: `deserialize_outputs`, `torch/_export/serde/serialize.py`, v2.13.
  mutating func takeApart(_ node: Node, _ header: NodeHeader) throws(JSONFailure) {
    let outputs = current.scratch.outputs
    switch outputs.count {
    case 0: return
    case 1:
      switch outputs[0] {
      case .none:
        let name = current.graph.name(of: node)
        current.graph.rename(node, to: String(name.prefix(upTo: Self.endOfBase(name))) + "_unused")
        current.values.setStructure(.none, of: node)
      case .list(let items): try getitems(items, of: node, header)
      case .value, .constant: try getitems(outputs, of: node, header)
      }
    default: try getitems(outputs, of: node, header)
    }
  }

  private mutating func getitems(
    _ outputs: [NodeOutput], of node: Node, _ header: NodeHeader
  ) throws(JSONFailure) {
    var items: [RecordedValues.Structure] = []
    for (position, output) in outputs.enumerated() {
      let args: [Node.Argument] = [.node(node), .int(position)]
      switch output {
      case .value(let name):
        let target = current.graph.intern(.getitem)
        let item = try define(.callFunction, target, name, args: args, kwargs: [])
        note(header, of: item)
        items.append(.name(current.graph.nameID(of: item)))
      case .none:
        let item = try defineUnnamed(.callFunction, .getitem, wish: "as_none", args: args)
        note(header, of: item)
        current.values.setStructure(.none, of: item)
        items.append(.none)
      case .list(let inner):
        let item = try defineUnnamed(.callFunction, .getitem, args: args)
        try getitems(inner, of: item, header)
        note(header, of: item)
        items.append(current.values.structure(of: item) ?? .none)
      case .constant(let value):
        items.append(.constant(value))
      }
    }
    current.values.setStructure(.tuple(items), of: node)
  }

  /// The start of the suffix that made a name unique: `_12` in `split_12`.
  private static func endOfBase(_ name: String) -> String.Index {
    guard let underscore = name.lastIndex(of: "_"), underscore > name.startIndex,
      case let digits = name[name.index(after: underscore)...], !digits.isEmpty, digits.allSatisfy(\.isNumber)
    else { return name.endIndex }
    return underscore
  }
}
