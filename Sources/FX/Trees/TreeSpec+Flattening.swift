extension PyTree {
  /// The leaves of the tree, in order, and its structure (PyTorch's `tree_flatten`).
  public func flattened() -> (leaves: [PyTree], spec: TreeSpec) {
    var leaves: [PyTree] = []
    let spec = flatten(into: &leaves)
    return (leaves, spec)
  }

  private func flatten(into leaves: inout [PyTree]) -> TreeSpec {
    switch self {
    case .value, .constant, .module, .slice:
      leaves.append(self)
      return .leaf
    case .tuple(let items): return TreeSpec(.tuple, items.map { $0.flatten(into: &leaves) })
    case .list(let items): return TreeSpec(.list, items.map { $0.flatten(into: &leaves) })
    case .dict(let entries):
      return TreeSpec(.dict(keys: entries.map(\.key)), entries.map { $0.value.flatten(into: &leaves) })
    case .namedTuple(let type, let fields):
      return TreeSpec(
        .namedTuple(type: type, fields: fields.map(\.name)), fields.map { $0.value.flatten(into: &leaves) })
    case .custom(let type, let context, let items):
      return TreeSpec(.custom(type: type, context: context), items.map { $0.flatten(into: &leaves) })
    }
  }

  /// The parts of the tree at the leaves of `spec` (PyTorch's `tree_flatten_spec`).
  ///
  /// A container at a leaf of `spec` counts as one leaf. Dictionaries are read in the order of the spec's keys.
  ///
  /// - Throws: ``TreeSpecError``, which names the first place that does not fit.
  public func flattened(as spec: TreeSpec) throws(TreeSpecError) -> [PyTree] {
    var leaves: [PyTree] = []
    try flatten(as: spec, path: "", into: &leaves)
    return leaves
  }

  private func flatten(
    as spec: TreeSpec, path: String, into leaves: inout [PyTree]
  ) throws(TreeSpecError) {
    switch (spec.kind, self) {
    case (.leaf, _):
      leaves.append(self)
    case (.tuple, .tuple(let items)), (.list, .list(let items)), (.custom, .custom(_, _, let items)):
      try Self.flatten(items, as: spec, path: path, into: &leaves)
    case (.namedTuple, .namedTuple(_, let fields)):
      try Self.flatten(fields.map(\.value), as: spec, path: path, into: &leaves)
    case (.dict(let keys), .dict(let entries)) where keys.count == entries.count:
      for (key, child) in zip(keys, spec.children) {
        guard let item = entries[key] else { throw mismatch(spec, path) }
        try item.flatten(as: child, path: "\(path)[\(key.pythonText)]", into: &leaves)
      }
    default:
      throw mismatch(spec, path)
    }
  }

  private static func flatten(
    _ items: [PyTree], as spec: TreeSpec, path: String, into leaves: inout [PyTree]
  ) throws(TreeSpecError) {
    guard items.count == spec.children.count else { throw PyTree.tuple(items).mismatch(spec, path) }
    for (position, item) in items.enumerated() {
      try item.flatten(as: spec.children[position], path: "\(path)[\(position)]", into: &leaves)
    }
  }

  private func mismatch(_ spec: TreeSpec, _ path: String) -> TreeSpecError {
    TreeSpecError(path: path, expected: spec.description, actual: flattened().spec.description)
  }
}

extension TreeSpec {
  /// The tree with this structure and these leaves (PyTorch's `tree_unflatten`).
  ///
  /// - Throws: ``TreeSpecError`` unless there are ``leafCount`` leaves.
  public func unflatten<Value>(_ leaves: [PyTree<Value>]) throws(TreeSpecError) -> PyTree<Value> {
    guard leaves.count == leafCount else {
      throw TreeSpecError(
        path: "", expected: "a structure of \(leafCount) leaves", actual: "a list of \(leaves.count)")
    }
    var rest = leaves[...]
    return build(&rest)
  }

  /// The tree with this structure and the first of the leaves, which are removed.
  ///
  /// - Precondition: there are at least ``leafCount`` leaves.
  func build<Value>(_ leaves: inout ArraySlice<PyTree<Value>>) -> PyTree<Value> {
    if kind == .leaf { return leaves.removeFirst() }
    let items = children.map { $0.build(&leaves) }
    switch kind {
    case .leaf, .tuple: return .tuple(items)
    case .list: return .list(items)
    case .dict(let keys): return .dict(zip(keys, items).map { DictEntry($0, $1) })
    case .namedTuple(let type, let fields):
      let names = fields.count == items.count ? fields : items.indices.map { "\($0)" }
      return .namedTuple(type: type, zip(names, items).map { Named($0, $1) })
    case .custom(let type, let context): return .custom(type: type, context: context, items)
    }
  }
}
