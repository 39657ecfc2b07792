import FX
import OrderedCollections

extension ProgramReader {
  /// Reads a graph and its subgraphs as the module at the dotted path `path`.
  ///
  /// `constantNames` are the names that the signature gives to constant inputs; `nil` for other inputs.
  mutating func graph(at path: String, constantNames: [String?]) throws(JSONFailure) -> GraphModule {
    guard graphDepth < scanner.limits.subgraphDepth else {
      throw scanner.failure(.limitExceeded(what: "levels of graphs", limit: scanner.limits.subgraphDepth))
    }
    var outer = GraphState()
    outer.path = path
    swap(&current, &outer)
    if graphDepth == 0 { reserveCapacity() }
    graphDepth += 1
    defer {
      swap(&current, &outer)
      graphDepth -= 1
    }
    current.place.start = valueStart()
    try graphMembers(constantNames)
    places?.graphs[path] = current.place

    recordedValues[path] = current.values
    var module = GraphModule(current.graph)
    // Assigning an empty dictionary would instantiate its type metadata, which costs time in a fresh process.
    if !current.submodules.isEmpty { module.submodules = current.submodules }
    return module
  }

  /// Reserves capacity for as many nodes as the text may contain.
  ///
  /// A node takes about a thousand bytes in PyTorch's JSON, plus its stack trace. Unused memory is never touched.
  private mutating func reserveCapacity() {
    let nodes = min((scanner.end - scanner.cursor) / 1_024, scanner.limits.nodesPerGraph)
    current.graph.reserveCapacity(nodes: nodes, arguments: 2 * nodes, nameBytes: 24 * nodes)
    current.values.reserveCapacity(nodes)
  }

  private mutating func graphMembers(_ constantNames: [String?]) throws(JSONFailure) {
    var hasInputs = false
    var hasNodes = false
    var nodesMark: JSONScanner.Mark?
    var outputsMark: JSONScanner.Mark?
    var isSingleTensorReturn = false
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      let start = valueStart()
      switch key {
      case "inputs":
        guard !hasInputs else { throw scanner.failure(.duplicateName("inputs")) }
        hasInputs = true
        try inputs(constantNames)
      case "outputs":
        outputsMark = scanner.mark
        try scanner.skipValue()
      case "nodes" where hasInputs:
        guard !hasNodes else { throw scanner.failure(.duplicateName("nodes")) }
        hasNodes = true
        try nodes()
      case "nodes":
        nodesMark = scanner.mark
        try scanner.skipValue()
      case "tensor_values": try values { (reader, name) throws(JSONFailure) in try reader.tensorValue(name) }
      case "sym_int_values": try values { (reader, name) throws(JSONFailure) in try reader.symIntValue(name) }
      case "sym_float_values":
        try values { (reader, name) throws(JSONFailure) in try reader.symFloatValue(name) }
      case "sym_bool_values":
        try values { (reader, name) throws(JSONFailure) in try reader.symBoolValue(name) }
      case "custom_obj_values":
        try values { (reader, name) throws(JSONFailure) in try reader.customObject(name) }
      case "is_single_tensor_return": isSingleTensorReturn = try scanner.boolean()
      default: try scanner.skipValue()
      }
      places?.ends[start] = scanner.offset
    }
    let end = scanner.mark
    guard hasInputs else { throw scanner.missing("inputs") }
    if !hasNodes {
      guard let nodesMark else { throw scanner.missing("nodes") }
      scanner.jump(to: nodesMark)
      try nodes()
    }
    guard let outputsMark else { throw scanner.missing("outputs") }
    scanner.jump(to: outputsMark)
    try outputs(isSingleTensorReturn)
    scanner.jump(to: end)
  }

  /// Reads the inputs as placeholders.
  private mutating func inputs(_ constantNames: [String?]) throws(JSONFailure) {
    try scanner.beginArray()
    var position = 0
    while try scanner.nextElement() {
      let tag = try scanner.beginUnion()
      switch tag {
      case "as_tensor", "as_custom_obj": try placeholder(try scanner.member("name"))
      case "as_sym_int", "as_sym_float", "as_sym_bool": try placeholder(try scanner.member("as_name"))
      default:
        let value = try scanner.constant(tag)
        let name = position < constantNames.count ? constantNames[position] : nil
        let node = current.graph.placeholder(name ?? "arg\(position)")
        current.values.setStructure(.constant(value), of: node)
        try countNode()
      }
      try scanner.endUnion()
      position += 1
    }
  }

  private mutating func placeholder(_ name: JSONString) throws(JSONFailure) {
    let target = name.withBytes { current.graph.internTarget($0) }
    _ = try define(.placeholder, target, name, args: [], kwargs: [])
  }

  /// Reads the outputs as a single output node.
  private mutating func outputs(_ isSingleTensorReturn: Bool) throws(JSONFailure) {
    var results: [Node.Argument] = []
    let start = scanner.mark
    try scanner.beginArray()
    while try scanner.nextElement() { results.append(try argument()) }
    if isSingleTensorReturn {
      guard results.count == 1 else {
        scanner.jump(to: start)
        throw scanner.failure(
          .inconsistent("a graph that returns one bare tensor has \(results.count) outputs"))
      }
      current.graph.output(results[0])
    } else {
      current.graph.output(.tuple(results))
    }
    try countNode()
  }
}
