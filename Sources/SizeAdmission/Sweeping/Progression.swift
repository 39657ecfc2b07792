/// The integers `lower, lower + step, …, upper`.
public struct Progression: Hashable, Sendable, CustomStringConvertible {
  /// The first integer.
  public internal(set) var lower: Int
  /// The last integer.
  public internal(set) var upper: Int
  /// The distance between neighbours; 1 if there is only one integer.
  public internal(set) var step: Int

  /// How many integers there are.
  public var count: Int { (upper - lower) / step + 1 }

  /// `5`, `1 … 64`, or `3, 5 … 63`.
  public var description: String {
    if lower == upper { return "\(lower)" }
    if step == 1 { return "\(lower) … \(upper)" }
    return count == 2 ? "\(lower), \(upper)" : "\(lower), \(lower + step) … \(upper)"
  }
}

/// An ascending list of integers, stored as progressions.
public struct IntegerSet: Hashable, Sendable {
  /// The integers in order; a progression ends where the next integer does not continue it.
  public private(set) var progressions: [Progression] = []

  /// How many integers there are.
  public var count: Int { progressions.reduce(0) { $0 + $1.count } }

  /// Adds an integer above all others.
  ///
  /// - Returns: whether it began a progression.
  @discardableResult
  mutating func append(_ value: Int) -> Bool {
    guard var last = progressions.last else {
      progressions.append(Progression(lower: value, upper: value, step: 1))
      return true
    }
    let distance = value - last.upper
    if last.lower == last.upper, distance > 0 { last.step = distance }
    if distance == last.step {
      last.upper = value
      progressions[progressions.count - 1] = last
      return false
    }
    progressions.append(Progression(lower: value, upper: value, step: 1))
    return true
  }

  /// The members as a pattern of residue classes: `v ≡ 0, 1 (mod 4) in 0 … 64`.
  ///
  /// `nil` unless the pattern is shorter than the list of progressions.
  var periodic: (period: Int, residues: [Int], lower: Int, upper: Int)? {
    guard progressions.count > 3, let first = progressions.first, let last = progressions.last,
      count < 100_000
    else { return nil }
    let (lower, upper) = (first.lower, last.upper)
    guard upper - lower < 1_000_000 else { return nil }
    let members = Set(progressions.flatMap { stride(from: $0.lower, through: $0.upper, by: $0.step) })
    for period in 2...Swift.min(64, Swift.max(2, (upper - lower) / 3)) {
      let isPeriodic = (lower...(upper - period)).allSatisfy {
        members.contains($0) == members.contains($0 + period)
      }
      guard isPeriodic else { continue }
      let residues = Set(members.map { (($0 % period) + period) % period }).sorted()
      return residues.count < progressions.count ? (period, residues, lower, upper) : nil
    }
    return nil
  }
}

extension IntegerSet: CustomStringConvertible {
  /// Progressions, or a pattern of residues if that is shorter; truncated if too irregular.
  public var description: String {
    if let (period, residues, lower, upper) = periodic {
      return
        "\(lower) … \(upper) with remainder \(residues.map { "\($0)" }.joined(separator: ", ")) mod \(period)"
    }
    let shown = progressions.prefix(8).map(\.description).joined(separator: ", ")
    return progressions.count > 8 ? "\(shown), … (\(count) values)" : shown
  }
}
