import EscapedTexts
import FX
import OperatorSchemas

/// Calls.
extension GraphWriter {
  func writeNode(_ node: Node, to output: inout JSONWriter) throws(SavingError) {
    switch graph.op(of: node) {
    case .placeholder, .output: return
    case .getAttr:
      // A subgraph is written where it is an argument.
      guard module.submodule(at: graph.target(of: node).text) != nil else {
        throw SavingError(.unsupportedNode("attribute that is no graph"), node: graph.name(of: node))
      }
    case .callMethod, .callModule:
      throw SavingError(.unsupportedNode("\(graph.op(of: node).name) nodes"), node: graph.name(of: node))
    case .callFunction:
      if results.isSelection(node), selectsResult(node) { return }
      guard graph.target(of: node) != .getitem else {
        throw SavingError(
          .unsupportedNode("getitem of a value that is not a list of results"), node: graph.name(of: node))
      }
      do throws(SavingError) { try writeCall(node, to: &output) } catch {
        var error = error
        if error.node == nil, error.module.isEmpty { error.node = graph.name(of: node) }
        throw error
      }
    }
  }

  /// Whether the call that `node` selects from gives several results: the elements of one have no names in an archive.
  private func selectsResult(_ node: Node) -> Bool {
    guard case .node(let source)? = graph.argument(0, of: node),
      let value = recorded.value(of: source, in: graph)
    else { return true }
    return if case .tuple = value { true } else { false }
  }

  private func writeCall(_ node: Node, to output: inout JSONWriter) throws(SavingError) {
    let old = counterpart(of: node)
    let call = call(node)
    let place = old.flatMap { archived?.nodes[$0] }
    if let old, let place, isUnchanged(node, call, asArchived: old) {
      return output.copy(place, of: program.archived.text)
    }
    if call.results == nil, returnsSomething(node), old == nil { throw SavingError(.missingValue) }
    let known = try program.reading { () throws(ArchiveError) in
      try place.map { (place) throws(ArchiveError) in
        try program.archived.text.members(at: place.lowerBound)
      } ?? []
    }
    try output.object { (output) throws(SavingError) in
      for (position, member) in known.enumerated()
      where !known[..<position].contains(where: { $0.key == member.key }) {
        output.key(member.key)
        try writeMember(member.key, member.value, node, call, to: &output)
      }
      for key in Self.memberOrder where !known.contains(where: { $0.key == key }) {
        output.key(key)
        try writeMember(key, nil, node, call, to: &output)
      }
    }
  }

  private static let memberOrder =
    ["target", "inputs", "outputs", "metadata", "is_hop_single_tensor_return", "name"]

  private func writeMember(
    _ key: String, _ raw: Range<Int>?, _ node: Node, _ call: WrittenCall, to output: inout JSONWriter
  ) throws(SavingError) {
    let target = graph.target(of: node)
    switch key {
    case "target": output.string(target.text)
    case "inputs": try writeInputs(of: node, to: &output)
    case "outputs": try call.writeOutputs(asList: returnsOneList(node, raw), to: &output)
    case "metadata": try writeMetadata(of: node, to: &output)
    case "is_hop_single_tensor_return":
      guard target.isHigherOrder, let isBare = call.isBare else { return output.null() }
      output.bool(isBare)
    case "name":
      output.string(call.givesNone ? Self.withoutUnused(graph.name(of: node)) : graph.name(of: node))
    default: if let raw { output.copy(raw, of: program.archived.text) }
    }
  }

  /// The name of a call that gives `None` before PyTorch's loader appends `_unused` to it.
  private static func withoutUnused(_ name: String) -> String {
    let suffix = "_unused"
    guard let end = name.ranges(of: suffix).last,
      name[end.upperBound...].allSatisfy({ $0 == "_" || $0.isNumber }), end.lowerBound > name.startIndex
    else { return name }
    return String(name[..<end.lowerBound])
  }

  private func writeMetadata(of node: Node, to output: inout JSONWriter) throws(SavingError) {
    if let place = graph.metadataPlace(of: node, in: program.metadata) {
      return output.copy(place, of: program.archived.text)
    }
    let metadata = graph.metadata(of: node)
    try output.object { (output) throws(SavingError) in
      for entry in metadata.entries {
        output.key(entry.name)
        output.string(entry.value)
      }
    }
  }

  /// Whether a call without a recorded value lacks one.
  private func returnsSomething(_ node: Node) -> Bool {
    let target = graph.target(of: node)
    if let schema = program.schema(of: target) { return !schema.returns.isEmpty || schema.returnsVariadic }
    return !target.isHigherOrder
  }

  /// Whether the call's results are one list: by its schema, or else as the archive has it.
  private func returnsOneList(_ node: Node, _ raw: Range<Int>?) -> Bool {
    if let schema = program.schema(of: graph.target(of: node)) { return schema.returnsList }
    guard let raw, let elements = try? program.archived.text.elements(at: raw.lowerBound), elements.count == 1
    else { return false }
    return (try? program.archived.text.members(at: elements[0].lowerBound).first?.key) == "as_tensors"
  }
}

/// Names of results, and what did not change.
extension GraphWriter {
  /// What a call returns, each part under the name that it has in the graph or had in the archive.
  func resultTree(of node: Node, _ old: Node?) -> WrittenCall.Result? {
    guard let value = recorded.value(of: node, in: graph) else { return nil }
    if case .none = value {
      // A call that returns nothing has no results; one that returns `None` has one.
      if program.schema(of: graph.target(of: node))?.returns.isEmpty == true { return nil }
      if let old, let archived, archived.recorded.value(of: old, in: archived.graph) == nil { return nil }
    }
    return tree(of: value, node, old, unnamed: graph.name(of: node), isPart: false)
  }

  private func tree(
    of value: RecordedValue, _ node: Node?, _ old: Node?, unnamed: String, isPart: Bool
  ) -> WrittenCall.Result {
    switch value {
    case .none: return .none
    case .tuple(let items):
      return .list(
        items.enumerated().map { position, item in
          let part = node.flatMap { results.part(position, of: $0) }
          let oldPart = old.flatMap { archived?.results.part(position, of: $0) }
          let suffix = isPart ? "_\(position)" : "_unused_\(position)"
          let selected = part.flatMap { recorded.value(of: $0, in: graph) }
          return tree(of: selected ?? item ?? .none, part, oldPart, unnamed: unnamed + suffix, isPart: true)
        })
    default:
      if let node { return .value(name: results.name(of: node), value) }
      if let old, let name = archived?.graph.name(of: old), graph.node(named: name) == nil {
        return .value(name: name, value)
      }
      var name = unnamed
      while graph.node(named: name) != nil { name += "_" }
      return .value(name: name, value)
    }
  }

  /// Whether a call is written as the archive has it.
  private func isUnchanged(_ node: Node, _ call: WrittenCall, asArchived old: Node) -> Bool {
    guard !program.rewritesEverything, let archived,
      let place = graph.metadataPlace(of: node, in: program.metadata)
    else { return false }
    let oldTree = archived.recorded.value(of: old, in: archived.graph).map { archivedTree(of: $0, old) }
    guard call.results?.names == oldTree?.names, call.results?.shape == oldTree?.shape else { return false }
    var isSame = true
    call.forEachValue { name, _ in if isRetyped(name) { isSame = false } }
    let (args, oldArgs) = (graph.args(of: node), archived.graph.args(of: old))
    let (kwargs, oldKwargs) = (graph.kwargs(of: node), archived.graph.kwargs(of: old))
    return isSame && args.count == oldArgs.count && kwargs.count == oldKwargs.count
      && zip(args, oldArgs).allSatisfy { self.isSame($0, asArchived: $1) }
      && zip(kwargs, oldKwargs).allSatisfy {
        $0.name == $1.name && self.isSame($0.value, asArchived: $1.value)
      }
      // Last, because metadata has to be decoded to be compared.
      && (place == archived.graph.metadataPlace(of: old, in: program.metadata)
        || graph.metadata(of: node) == archived.graph.metadata(of: old))
  }

  private func archivedTree(of value: RecordedValue, _ node: Node?) -> WrittenCall.Result {
    switch value {
    case .none: .none
    case .tuple(let items):
      .list(
        items.enumerated().map { position, item in
          archivedTree(of: item ?? .none, node.flatMap { archived?.results.part(position, of: $0) })
        })
    default: .value(name: node.flatMap { archived?.graph.name(of: $0) } ?? "", value)
    }
  }

  private func isSame(_ argument: Node.Argument, asArchived old: Node.Argument) -> Bool {
    switch (argument, old) {
    case (.node(let node), .node(let oldNode)):
      guard let archived else { return false }
      if graph.op(of: node) == .getAttr {
        let target = graph.target(of: node)
        return archived.graph.op(of: oldNode) == .getAttr && archived.graph.target(of: oldNode) == target
          && program.isUnchanged(at: path.isEmpty ? target.text : "\(path).\(target.text)")
      }
      let name = results.name(of: node)
      return name == archived.graph.name(of: oldNode) && !isRetyped(name)
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { isSame($0, asArchived: $1) }
    case (.dict(let a), .dict(let b)):
      return a.count == b.count
        && zip(a, b).allSatisfy { $0.key == $1.key && isSame($0.value, asArchived: $1.value) }
    case (.slice(let a), .slice(let b)):
      return isSame(a.start, asArchived: b.start) && isSame(a.stop, asArchived: b.stop)
        && isSame(a.step, asArchived: b.step)
    default: return argument == old
    }
  }
}
