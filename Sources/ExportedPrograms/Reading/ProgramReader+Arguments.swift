import FX
import OrderedCollections
import TensorVocabulary

/// The Argument union of PyTorch's schema.
extension ProgramReader {
  /// Reads one argument.
  mutating func argument() throws(JSONFailure) -> Node.Argument {
    _ = scanner.peek()
    if let name = scanner.usualTensor() { return .node(try node(named: name)) }
    if let value = scanner.usualInt() { return .int(value) }
    let tag = try scanner.beginUnion()
    let value = try value(tag)
    try scanner.endUnion()
    return value
  }

  /// Reads the value of a union after its tag; the most frequent tags come first.
  private mutating func value(_ tag: JSONString) throws(JSONFailure) -> Node.Argument {
    switch tag {
    case "as_tensor": return .node(try node(named: try scanner.member("name")))
    case "as_int": return .int(try scanner.integer())
    case "as_ints": return try list { (reader) throws(JSONFailure) in .int(try reader.scanner.integer()) }
    case "as_float": return .float(try scanner.float())
    case "as_bool": return .bool(try scanner.boolean())
    case "as_sym_int", "as_sym_bool", "as_sym_float": return try symbolic()
    case "as_sym_ints", "as_sym_bools", "as_sym_floats":
      return try list { (reader) throws(JSONFailure) in try reader.symbolic() }
    case "as_tensors":
      return try list { (reader) throws(JSONFailure) in
        .node(try reader.node(named: try reader.scanner.member("name")))
      }
    case "as_none":
      try scanner.skipValue()
      return .none
    case "as_string": return .string(try scanner.string().text)
    case "as_scalar_type":
      return try enumerator("a scalar type") { ScalarType(archiveCode: $0).map { .dtype($0) } }
    case "as_memory_format":
      return try enumerator("a memory format") { MemoryFormat(archiveCode: $0).map { .memoryFormat($0) } }
    case "as_layout": return try enumerator("a layout") { Layout(archiveCode: $0).map { .layout($0) } }
    case "as_device": return try deviceArgument()
    case "as_graph": return try subgraph()
    default: return try rareValue(tag)
    }
  }

  private mutating func rareValue(_ tag: JSONString) throws(JSONFailure) -> Node.Argument {
    switch tag {
    case "as_floats": return try list { (reader) throws(JSONFailure) in .float(try reader.scanner.float()) }
    case "as_bools": return try list { (reader) throws(JSONFailure) in .bool(try reader.scanner.boolean()) }
    case "as_strings": return .list(try scanner.strings().map { .string($0) })
    case "as_optional_tensor": return try argument()
    case "as_optional_tensors": return try list { (reader) throws(JSONFailure) in try reader.argument() }
    case "as_nested_tensors":
      return try list { (reader) throws(JSONFailure) in
        try reader.list { (reader) throws(JSONFailure) in
          .node(try reader.node(named: try reader.scanner.member("name")))
        }
      }
    case "as_int_lists":
      return try list { (reader) throws(JSONFailure) in
        .tuple(try reader.items { (reader) throws(JSONFailure) in .int(try reader.scanner.integer()) })
      }
    case "as_float_lists":
      return try list { (reader) throws(JSONFailure) in
        try reader.list { (reader) throws(JSONFailure) in .float(try reader.scanner.float()) }
      }
    case "as_complex": return try complex()
    case "as_operator": return .operator(Node.Target(try scanner.string().text))
    case "as_string_to_argument":
      var entries: [DictEntry<Node.Argument>] = []
      try scanner.beginObject()
      while let key = try scanner.nextKey() { entries.append(DictEntry(.string(key.text), try argument())) }
      return .dict(entries)
    case "as_custom_obj": return try customObjectArgument(tag)
    default: return .opaque(.init(tag: tag.text, text: try scanner.raw().text))
    }
  }

  private mutating func list(
    _ element: (inout ProgramReader) throws(JSONFailure) -> Node.Argument
  ) throws(JSONFailure) -> Node.Argument {
    .list(try items(element))
  }

  private mutating func items(
    _ element: (inout ProgramReader) throws(JSONFailure) -> Node.Argument
  ) throws(JSONFailure) -> [Node.Argument] {
    var items: [Node.Argument] = []
    try scanner.beginArray()
    while try scanner.nextElement() { items.append(try element(&self)) }
    return items
  }

  /// Reads `{as_name}`, or a number.
  private mutating func symbolic() throws(JSONFailure) -> Node.Argument {
    let tag = try scanner.beginUnion()
    let value: Node.Argument
    if tag == "as_name" {
      value = .node(try node(named: try scanner.string()))
    } else {
      value = try scanner.constant(tag)
    }
    try scanner.endUnion()
    return value
  }

  /// Reads a number of one of the schema's enumerations.
  private mutating func enumerator(
    _ expected: StaticString, _ make: (Int) -> Node.Argument?
  ) throws(JSONFailure) -> Node.Argument {
    _ = scanner.peek()
    let start = scanner.mark
    let code = try scanner.integer()
    guard let value = make(code) else {
      scanner.jump(to: start)
      throw scanner.failure(.unexpected(expected: "\(expected)", found: "the unknown code \(code)"))
    }
    return value
  }

  /// Reads a device; an unknown device type stays opaque.
  private mutating func deviceArgument() throws(JSONFailure) -> Node.Argument {
    _ = scanner.peek()
    let start = scanner.mark
    if let device = try device() { return .device(device) }
    scanner.jump(to: start)
    return .opaque(.init(tag: "as_device", text: try scanner.raw().text))
  }

  private mutating func complex() throws(JSONFailure) -> Node.Argument {
    var real: Double?
    var imaginary: Double?
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "real": real = try scanner.float()
      case "imag": imaginary = try scanner.float()
      default: try scanner.skipValue()
      }
    }
    guard let real else { throw scanner.missing("real") }
    guard let imaginary else { throw scanner.missing("imag") }
    return .complex(real, imaginary)
  }

  /// Reads a custom object: an input becomes that input, a constant stays opaque.
  private mutating func customObjectArgument(_ tag: JSONString) throws(JSONFailure) -> Node.Argument {
    _ = scanner.peek()
    let start = scanner.mark
    let name = try scanner.member("name")
    let id = name.withBytes { current.graph.internName($0) }
    if let node = current.graph.node(named: id) { return .node(node) }
    scanner.jump(to: start)
    return .opaque(.init(tag: tag.text, text: try scanner.raw().text))
  }

  /// Reads `{name, graph}` as a submodule, and creates the node that fetches it.
  ///
  /// Of two submodules of one name the later one stands for both, as where PyTorch loads them.
  private mutating func subgraph() throws(JSONFailure) -> Node.Argument {
    var name: JSONString?
    var graphMark: JSONScanner.Mark?
    var isRead = false
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "name": name = try scanner.string()
      case "graph":
        graphMark = scanner.mark
        // The name is part of the paths inside the graph, so it must be known first.
        if let name {
          try readSubgraph(name)
          isRead = true
        } else {
          try scanner.skipValue()
        }
      default: try scanner.skipValue()
      }
    }
    guard let name else { throw scanner.missing("name") }
    guard let graphMark else { throw scanner.missing("graph") }
    if !isRead {
      let end = scanner.mark
      scanner.jump(to: graphMark)
      try readSubgraph(name)
      scanner.jump(to: end)
    }
    let node = try defineUnnamed(.getAttr, Node.Target(name.text), wish: name.text, args: [])
    current.scratch.subgraphs.append(node)
    return .node(node)
  }

  private mutating func readSubgraph(_ name: JSONString) throws(JSONFailure) {
    let text = name.text
    let path = current.path.isEmpty ? text : "\(current.path).\(text)"
    current.submodules[text] = try graph(at: path, constantNames: [])
  }
}
