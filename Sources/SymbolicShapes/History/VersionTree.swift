import DenseTables
import SymbolicExpressions

/// Versions of what is known: learning the same facts in the same order from the same start leads to the same version.
///
/// A run of a program learns what the last run learned, so it reaches the same versions and finds the answers stored
/// under them.
struct VersionTree {
  /// The highest version handed out.
  private var latest: UInt64 = 1
  /// The number of changes, including repeated ones.
  private(set) var changeCount = 0
  /// Each change with the version in which it was made.
  private var changes = WordTable()
  /// The version that each change led to, by the change's number.
  private var versions: ContiguousArray<UInt64> = []
  private var words = WordList()
  /// The number of the last change.
  private var last = -1

  mutating func reserveCapacity(_ count: Int) {
    changes.reserveCapacity(count)
    versions.reserveCapacity(count)
  }

  /// The version after `change` at the step `origin`, learned for `reason`.
  mutating func version(
    after version: UInt64, _ change: KnowledgeChange, _ reason: (kind: Learning.Reason.Kind, cause: SymExpr?),
    _ origin: ShapeEnv.Origin, isNews: Bool
  ) -> UInt64 {
    changeCount &+= 1
    // Beyond so many versions or nested graphs, which no program reaches, every change gets a new version.
    guard version <= UInt32.max, origin.graph < 1 << 12 else { return next() }
    words.removeAll()
    words.append(version << 32 | UInt64(origin.step))
    let kinds = UInt64(change.kind) << 8 | UInt64(reason.kind.rawValue) << 2
    words.append(
      UInt64(reason.cause?.bits ?? 0) << 32 | UInt64(origin.graph) << 16 | kinds
        | (reason.cause == nil ? 0 : 2) | (isNews ? 1 : 0))
    change.write(to: &words)
    if let (number, isNew) = changes.number(of: words, guess: last + 1) {
      last = number
      if isNew { versions.append(next()) }
      return versions[number]
    }
    // The table is full; what was learned until now becomes a new start.
    changes = WordTable()
    versions = []
    return next()
  }

  /// A version that no other changes lead to.
  mutating func unique() -> UInt64 {
    changeCount &+= 1
    return next()
  }

  private mutating func next() -> UInt64 {
    latest += 1
    return latest
  }
}
