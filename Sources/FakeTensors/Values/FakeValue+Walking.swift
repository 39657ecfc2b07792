/// The one traversal of a value.
///
/// Visits the elements of lists, tuples, slices and dictionaries in order. Everything else is a leaf; the integers of a
/// `SymInt[]` are one leaf.
extension FakeValue {
  /// Whether `condition` holds for some leaf; stops at the first.
  @inlinable
  public func containsLeaf(where condition: (FakeValue) throws -> Bool) rethrows -> Bool {
    switch self {
    case .list(let items), .tuple(let items), .slice(let items):
      for item in items where try item.containsLeaf(where: condition) { return true }
      return false
    case .dictionary(let entries):
      for entry in entries where try entry.value.containsLeaf(where: condition) { return true }
      return false
    default: return try condition(self)
    }
  }

  /// Calls `body` with each leaf.
  @inlinable
  public func forEachLeaf(_ body: (FakeValue) throws -> Void) rethrows {
    _ = try containsLeaf { leaf in
      try body(leaf)
      return false
    }
  }

  /// The same structure with every leaf replaced.
  @inlinable
  public func mapLeaves(_ transform: (FakeValue) throws -> FakeValue) rethrows -> FakeValue {
    switch self {
    case .list(let items): .list(try items.map { try $0.mapLeaves(transform) })
    case .tuple(let items): .tuple(try items.map { try $0.mapLeaves(transform) })
    case .slice(let bounds): .slice(try bounds.map { try $0.mapLeaves(transform) })
    case .dictionary(let entries):
      .dictionary(try entries.map { ($0.key, try $0.value.mapLeaves(transform)) })
    default: try transform(self)
    }
  }

  /// Calls `body` with each tensor in the value, in order.
  @inlinable
  public func forEachTensor(_ body: (FakeTensor) throws -> Void) rethrows {
    try forEachLeaf { leaf in
      if case .tensor(let tensor) = leaf { try body(tensor) }
    }
  }

  /// Whether `condition` holds for some tensor in the value; stops at the first.
  @inlinable
  public func containsTensor(where condition: (FakeTensor) throws -> Bool) rethrows -> Bool {
    switch self {
    case .tensor(let tensor): try condition(tensor)
    case .list, .tuple, .slice, .dictionary:
      try containsLeaf { leaf in
        if case .tensor(let tensor) = leaf { try condition(tensor) } else { false }
      }
    default: false
    }
  }
}
