import DenseTables
import SymbolicExpressions

/// Names for what is known: whoever learns the same, in the same order and from the same start, comes to the same
/// name.
///
/// A run of a program learns what the last one did. By these names it meets the answers that were found then.
struct VersionTree {
  /// The highest version given out.
  private var latest: UInt64 = 1
  /// How many changes there were, the same ones counted again.
  private(set) var changeCount = 0
  /// Each change with the version that it was made in.
  private var changes = WordTable()
  /// The version that a change led to, by the change's number.
  private var versions: ContiguousArray<UInt64> = []
  private var words = WordList()
  /// The number of the last change.
  private var last = -1

  mutating func reserveCapacity(_ count: Int) {
    changes.reserveCapacity(count)
    versions.reserveCapacity(count)
  }

  /// The version after `change` at the step `origin`, concluded from `reason`.
  mutating func version(
    after version: UInt64, _ change: KnowledgeChange, _ reason: (kind: Learning.Reason.Kind, cause: SymExpr?),
    _ origin: ShapeEnv.Origin, isNews: Bool
  ) -> UInt64 {
    changeCount &+= 1
    // Nobody has so many versions or nested graphs; whoever has starts anew with each change.
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
    // There is no more room: what was learnt until now is another start.
    changes = WordTable()
    versions = []
    return next()
  }

  /// A version that nothing else leads to.
  mutating func unique() -> UInt64 {
    changeCount &+= 1
    return next()
  }

  private mutating func next() -> UInt64 {
    latest += 1
    return latest
  }
}
