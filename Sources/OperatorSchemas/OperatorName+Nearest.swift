extension SchemaTable {
  /// The operators whose names are most similar to `name`, for messages such as "did you mean …?".
  ///
  /// Empty if nothing in the table is similar.
  ///
  /// - Complexity: O(size of the table); meant for error messages.
  public static func nearest(to name: OperatorName, limit: Int = 3) -> [OperatorName] {
    name.nearest(among: allNames, limit: limit)
  }
}

extension OperatorName {
  /// The names among `candidates` that are similar to this one, the most similar first.
  ///
  /// Operators are compared before overloads: for `aten.ad.Tensor`, `aten.add.Scalar` is nearer than
  /// `aten.any.Tensor`. A candidate may differ in a third of the operator's letters.
  public func nearest(among candidates: some Sequence<OperatorName>, limit: Int = 3) -> [OperatorName] {
    let (namespace, base, overload) = (Array(namespace.utf8), Array(base.utf8), Array(overload.utf8))
    let tolerance = max(1, base.count / 3)
    var ranked: [(distance: (Int, Int), name: OperatorName)] = []
    for candidate in candidates where candidate != self {
      let other = Array(candidate.base.utf8)
      guard abs(other.count - base.count) <= tolerance else { continue }
      let distance = editDistance(base, other)
      guard distance <= tolerance else { continue }
      ranked.append(
        (
          (
            distance + editDistance(namespace, Array(candidate.namespace.utf8)),
            editDistance(overload, Array(candidate.overload.utf8))
          ), candidate
        ))
    }
    ranked.sort { ($0.distance.0, $0.distance.1, $0.name) < ($1.distance.0, $1.distance.1, $1.name) }
    return ranked.prefix(max(limit, 0)).map(\.name)
  }
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn one word into the
/// other.
///
/// The optimal string alignment distance: row `i` of the table holds the distances of `lhs[..<i]`.
package func editDistance(_ lhs: [UInt8], _ rhs: [UInt8]) -> Int {
  var (beforeLast, last, current) = ([Int](), Array(0...rhs.count), [Int](repeating: 0, count: rhs.count + 1))
  for i in lhs.indices {
    current[0] = i + 1
    for j in rhs.indices {
      let isSame = lhs[i] == rhs[j]
      current[j + 1] = min(last[j] + (isSame ? 0 : 1), last[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, lhs[i] == rhs[j - 1], lhs[i - 1] == rhs[j] {
        current[j + 1] = min(current[j + 1], beforeLast[j - 1] + 1)
      }
    }
    beforeLast = last
    swap(&last, &current)
  }
  return last[rhs.count]
}
