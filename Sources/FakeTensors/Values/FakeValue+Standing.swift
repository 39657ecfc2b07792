import SymbolicShapes

/// Whether one value can replace another, so that results computed from the other remain valid.
extension FakeValue {
  /// Whether a tensor in the value was written to since it was created.
  public var wasWritten: Bool { containsTensor { $0.wasWritten } }

  /// Whether `other` is the same value: equal numbers, tensors with equal metadata and the same storage.
  public func isSame(as other: FakeValue) -> Bool {
    var match = StorageMatch(isExact: true)
    return matches(other, &match)
  }

  /// Whether `other` is the same value up to renaming of storages: two tensors share one here exactly when they do
  /// there.
  ///
  /// For values whose tensors share storage with nothing else.
  public func isSameUpToMemory(as other: FakeValue) -> Bool {
    var match = StorageMatch(isExact: false)
    return matches(other, &match)
  }

  private func matches(_ other: FakeValue, _ match: inout StorageMatch) -> Bool {
    switch (self, other) {
    case (.tensor(let a), .tensor(let b)): return a === b || a.matches(b, &match)
    case (.symInt(let a), .symInt(let b)): return a == b
    case (.symFloat(let a), .symFloat(let b)): return a.expression == b.expression
    case (.symBool(let a), .symBool(let b)): return a.expression == b.expression
    // Compare bits: the sign of zero counts, and a NaN equals itself.
    case (.float(let a), .float(let b)): return a.bitPattern == b.bitPattern
    case (.bool(let a), .bool(let b)): return a == b
    case (.string(let a), .string(let b)), (.submodule(let a), .submodule(let b)),
      (.opaque(let a), .opaque(let b)):
      return a == b
    case (.none, .none): return true
    case (.dtype(let a), .dtype(let b)): return a == b
    case (.sizes(let a), .sizes(let b)): return a == b
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.matches($1, &match) }
    // Rare as results of nodes, so they are computed again.
    default: return false
    }
  }
}

/// Which storage corresponds to which.
private struct StorageMatch {
  let isExact: Bool
  var pairs: [(here: Storage, there: Storage)] = []

  mutating func pair(_ here: Storage, _ there: Storage) -> Bool {
    if isExact { return here == there }
    if let known = pairs.first(where: { $0.here == here || $0.there == there }) {
      return known == (here, there)
    }
    pairs.append((here, there))
    return true
  }
}

extension FakeTensor {
  fileprivate func matches(_ other: FakeTensor, _ match: inout StorageMatch) -> Bool {
    metadata.isSame(as: other.metadata) && !wasWritten && !other.wasWritten
      && match.pair(storage, other.storage)
  }
}
