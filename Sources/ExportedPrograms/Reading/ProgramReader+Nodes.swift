import FX
import OperatorSchemas

/// Scratch space for reading a node, reused from node to node.
struct NodeScratch {
  var args: [Node.Argument] = []
  var kwargs: [Node.KeywordArgument] = []
  /// Inputs that the archive does not classify as positional or keyword (before PyTorch 2.7).
  var unsorted: [Node.KeywordArgument] = []
  var outputs: [NodeOutput] = []
  /// The nodes of the subgraphs that are arguments of the call.
  var subgraphs: [Node] = []

  mutating func clear() {
    args.clear()
    kwargs.clear()
    unsorted.clear()
    outputs.clear()
    subgraphs.clear()
  }
}

extension Array {
  /// Removes all elements but keeps the memory; for few elements, this takes a fifth of the time of `removeAll`.
  fileprivate mutating func clear() { while popLast() != nil {} }
}

/// The members of a node other than its inputs and outputs.
struct NodeHeader {
  var target: JSONString?
  /// Whether there was a list of outputs.
  var hasOutputs = false
  /// The name, written by PyTorch 2.11 and later.
  var name: JSONString?
  var metadata: Range<Int>?
  /// Whether a higher-order operator with one result returns it bare rather than in a tuple; the default is true.
  var isSingleTensorReturn = true
}

extension ProgramReader {
  /// Reads the list of nodes.
  mutating func nodes() throws(JSONFailure) {
    try scanner.beginArray()
    while try scanner.nextElement() { try node() }
  }

  /// Reads `{target, inputs, outputs, metadata, …}`.
  private mutating func node() throws(JSONFailure) {
    current.scratch.clear()
    let start = valueStart()
    var header = NodeHeader()
    if scanner.opens("{\"target\": ") {
      // The order of `json.dumps`; members in any other order are left to the loop.
      header.target = try scanner.string()
      if scanner.consume(", \"inputs\": ") { try inputs() }
      if scanner.consume(", \"outputs\": ") { try outputs(&header) }
      if scanner.consume(", \"metadata\": ") { header.metadata = try place() }
      _ = scanner.consume(", \"is_hop_single_tensor_return\": null")
      if scanner.consume(", \"name\": "), !scanner.null() { header.name = try scanner.string() }
    } else {
      try scanner.beginObject()
    }
    while let key = try scanner.nextKey() {
      switch key {
      case "target": header.target = try scanner.string()
      case "inputs": try inputs()
      case "outputs": try outputs(&header)
      case "metadata": header.metadata = try place()
      case "is_hop_single_tensor_return":
        if !scanner.null() { header.isSingleTensorReturn = try scanner.boolean() }
      case "name":
        if !scanner.null() { header.name = try scanner.string() }
      default: try scanner.skipValue()
      }
    }
    guard let target = header.target else { throw scanner.missing("target") }
    guard header.hasOutputs else { throw scanner.missing("outputs") }
    let node = try finish(header, target)
    guard places != nil else { return }
    current.place.nodes[node] = start..<scanner.offset
    if let metadata = header.metadata { places?.ends[metadata.lowerBound] = metadata.upperBound }
  }

  private mutating func inputs() throws(JSONFailure) {
    let start = scanner.offset
    try scanner.beginArray()
    while try scanner.nextElement() { try input() }
    places?.ends[start] = scanner.offset
  }

  private mutating func outputs(_ header: inout NodeHeader) throws(JSONFailure) {
    header.hasOutputs = true
    let start = scanner.offset
    try scanner.beginArray()
    while try scanner.nextElement() { current.scratch.outputs.append(try output()) }
    places?.ends[start] = scanner.offset
  }

  /// Skips a value and returns its position.
  private mutating func place() throws(JSONFailure) -> Range<Int> {
    let start = valueStart()
    try scanner.skipValue()
    return start..<scanner.offset
  }

  /// Reads `{name, arg, kind}`; nearly all inputs are positional and written in this order.
  private mutating func input() throws(JSONFailure) {
    var name: JSONString?
    var value: Node.Argument?
    var kind = 0
    if scanner.opens("{\"name\": ") {
      name = try scanner.string()
      if scanner.consume(", \"arg\": ") { value = try argument() }
      if scanner.closes(", \"kind\": 1}"), let value { return current.scratch.args.append(value) }
    } else {
      try scanner.beginObject()
    }
    while let key = try scanner.nextKey() {
      switch key {
      case "name": name = try scanner.string()
      case "arg": value = try argument()
      case "kind": kind = scanner.null() ? 0 : try scanner.integer()
      default: try scanner.skipValue()
      }
    }
    guard let value else { throw scanner.missing("arg") }
    guard let name, name.count > 0, kind != ArgumentKind.positional else {
      return current.scratch.args.append(value)
    }
    if kind == ArgumentKind.keyword {
      current.scratch.kwargs.append(Named(name.text, value))
    } else {
      current.scratch.unsorted.append(Named(name.text, value))
    }
  }

  private enum ArgumentKind {
    static let positional = 1
    static let keyword = 2
  }

  /// Creates the node from its members, and the `getitem` nodes of its results.
  private mutating func finish(_ header: NodeHeader, _ target: JSONString) throws(JSONFailure) -> Node {
    if !current.scratch.unsorted.isEmpty { sortInputs(of: target) }
    let isHigherOrder = target.hasPrefix("torch.ops.higher_order.")
    let returnsTuple = isHigherOrder && !header.isSingleTensorReturn
    if current.scratch.outputs.count == 1, case .value(let name) = current.scratch.outputs[0], !returnsTuple {
      let id = target.withBytes { current.graph.internTarget($0) }
      let node = try define(
        .callFunction, id, name, args: current.scratch.args, kwargs: current.scratch.kwargs)
      note(header, of: node)
      noteSubgraphs(header)
      return node
    }
    let node = try makeUnread(header, target)
    note(header, of: node)
    noteSubgraphs(header)
    try takeApart(node, header)
    return node
  }

  /// Creates a node whose own value no input refers to by name: it has no result, or several.
  private mutating func makeUnread(_ header: NodeHeader, _ target: JSONString) throws(JSONFailure) -> Node {
    let scratch = current.scratch
    // PyTorch names a call that returns nothing after its target, whatever the archive says.
    var returnsNone = false
    if scratch.outputs.count == 1, case .none = scratch.outputs[0] { returnsNone = true }
    let wish = returnsNone ? nil : header.name
    if let name = wish, name.count > 0 {
      let nameID = name.withBytes { current.graph.internName($0) }
      let targetID = target.withBytes { current.graph.internTarget($0) }
      if let node = current.graph.createNode(
        .callFunction, target: targetID, name: nameID, args: scratch.args, kwargs: scratch.kwargs)
      {
        try countNode()
        current.autoNamed.insert(node)
        return node
      }
    }
    return try defineUnnamed(
      .callFunction, Node.Target(target.text), wish: wish?.text, args: scratch.args,
      kwargs: scratch.kwargs)
  }

  /// Classifies inputs of unknown kind by the operator's schema: those without a default are positional.
  ///
  /// - Source: `deserialize_inputs`, `torch/_export/serde/serialize.py`, v2.13.
  private mutating func sortInputs(of target: JSONString) {
    let unsorted = current.scratch.unsorted
    guard let name = OperatorName(target.text), let schema = SchemaTable.schema(for: name) else {
      // Python functions take positional arguments only; operators without a schema keep the keywords.
      if target.hasPrefix("torch.ops.") {
        current.scratch.kwargs += unsorted
      } else {
        current.scratch.args += unsorted.map(\.value)
      }
      return
    }
    for input in unsorted {
      let argument = schema.position(of: input.name).map { schema.arguments[$0] }
      if let argument, argument.defaultValue == nil, !argument.isKeywordOnly {
        current.scratch.args.append(input.value)
      } else {
        current.scratch.kwargs.append(input)
      }
    }
  }

  /// Records where the node's metadata is; it is decoded on request.
  mutating func note(_ header: NodeHeader, of node: Node) {
    guard let place = header.metadata else { return }
    current.graph.setMetadata(at: place, in: metadata, of: node)
  }

  /// Gives subgraph nodes the metadata of the call, as PyTorch does; the archive has none for them.
  private mutating func noteSubgraphs(_ header: NodeHeader) {
    for node in current.scratch.subgraphs { note(header, of: node) }
  }
}
