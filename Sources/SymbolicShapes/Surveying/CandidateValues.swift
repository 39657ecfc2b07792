import SymbolicExpressions

/// The values that a search tries for one symbol, preferred ones first.
struct CandidateValues {
  private var integers: [Int] = []
  private var floats: [Double] = []
  private var range = IntRange.unbounded
  private var floatRange = FloatRange.unbounded
  /// The value that an equation determines, if the symbol can have it.
  private var only: SymExpr.Number?
  private var isImpossible = false
  private let isFloat: Bool
  /// Whether the candidates cover the whole range.
  let isComplete: Bool

  /// Ranges of up to this many values are tried completely.
  private static let largestCompleteRange = 128

  init(
    of symbol: SymExpr.Symbol, _ place: Int, near numbers: [Int], _ preference: AssignmentSearch.Preference,
    _ shapes: ShapeEnv
  ) {
    switch shapes.range(of: symbol) ?? .int(.unbounded) {
    case .float(let range):
      (isFloat, isComplete, floatRange) = (true, false, range)
      floats = [0.5, 2, 1, 1.5, 0, -1, -0.5, 10, 100, 1e6] + numbers.map { Double($0) }
      floats += numbers.flatMap { [Double($0) + 0.5, Double($0) - 0.5] }
    case .bool: (isFloat, isComplete, integers) = (false, true, [0, 1])
    case .int(let range):
      self.range = range
      isFloat = false
      let (count, overflow) = range.upper.subtractingReportingOverflow(range.lower)
      isComplete = !overflow && count < Self.largestCompleteRange
      integers =
        range.isEmpty ? [] : isComplete ? Array(range.lower...range.upper) : Self.near(numbers, in: range)
    }
    order(symbol, place, preference, shapes)
  }

  private static func near(_ numbers: [Int], in range: IntRange) -> [Int] {
    var values = Set(0...16).union([24, 32, 48, 64, 96, 128, 256, 512, 1024, 4096])
    for number in numbers.prefix(64) {
      for offset in -2...2 { values.insert(number.addingReportingOverflow(offset).partialValue) }
      for factor in 2...4 { values.insert(number.multipliedReportingOverflow(by: factor).partialValue) }
      values.insert(0.subtractingReportingOverflow(number).partialValue)
    }
    for offset in 0...4 {
      if range.lower != .min { values.insert(range.lower.addingReportingOverflow(offset).partialValue) }
      if range.upper != .max { values.insert(range.upper.subtractingReportingOverflow(offset).partialValue) }
    }
    if range.lower == .min { values.formUnion([-1, -2, -7]) }
    return values.filter { range.contains($0) && $0 != .min && $0 != .max }
  }

  private mutating func order(
    _ symbol: SymExpr.Symbol, _ place: Int, _ preference: AssignmentSearch.Preference, _ shapes: ShapeEnv
  ) {
    integers.sort { ($0.magnitude, $1) < ($1.magnitude, $0) }
    var first: [SymExpr.Number] = []
    if case .typical(let known) = preference {
      if let value = known[symbol] { first.append(value) }
      if let hint = shapes.hint(of: symbol) { first.append(hint) }
      let primes = [5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]
      let start = place % primes.count
      first += (primes[start...] + primes[..<start]).map { .int($0) }
      integers = integers.filter { $0 > 1 } + integers.filter { $0 <= 1 }
    }
    for value in first.reversed() {
      switch value {
      case .int(let value) where !isFloat:
        guard range.contains(value) else { continue }
        integers.removeAll { $0 == value }
        integers.insert(value, at: 0)
      case .float(let value) where isFloat: floats.insert(value, at: 0)
      default: break
      }
    }
  }

  /// Keeps the integers `v` for which `coefficient · v + rest` is in the relation to 0.
  mutating func restrict(_ kind: RelationKind, _ coefficient: Int, plus rest: Int) {
    // The quotient of −rest and the coefficient, with a positive divisor.
    guard coefficient != 0, coefficient != .min, rest != .min else { return }
    let (numerator, divisor) = coefficient > 0 ? (-rest, coefficient) : (rest, -coefficient)
    let isExact = numerator % divisor == 0
    let down = numerator / divisor - (numerator % divisor < 0 ? 1 : 0)
    guard down > .min + 1, down < .max - 1 else { return }
    switch coefficient > 0 ? kind : kind.mirrored {
    case .eq:
      if !isExact || !range.contains(down) || only.map({ $0 != .int(down) }) ?? false { isImpossible = true }
      only = .int(down)
    case .ne: if isExact { integers.removeAll { $0 == down } }
    case .ge: range.lower = max(range.lower, isExact ? down : down + 1)
    case .gt: range.lower = max(range.lower, down + 1)
    case .le: range.upper = min(range.upper, down)
    case .lt: range.upper = min(range.upper, isExact ? down - 1 : down)
    }
  }

  /// Keeps the floats that are in the relation to `bound`.
  mutating func restrict(_ kind: RelationKind, _ bound: Double) {
    guard isFloat else { return }
    switch kind {
    case .eq: only = .float(bound)
    case .ne: floats.removeAll { $0 == bound }
    case .ge: floatRange.lower = max(floatRange.lower, bound)
    case .gt: floatRange.lower = max(floatRange.lower, bound.nextUp)
    case .le: floatRange.upper = min(floatRange.upper, bound)
    case .lt: floatRange.upper = min(floatRange.upper, bound.nextDown)
    }
  }

  /// The remaining values, preferred ones first.
  var candidates: [SymExpr.Number] {
    if isImpossible { return [] }
    if isFloat {
      if let only { return floatRange.lower <= only.double && only.double <= floatRange.upper ? [only] : [] }
      let ends = [floatRange.lower, floatRange.upper].filter(\.isFinite)
      return (floats + ends).filter { floatRange.lower <= $0 && $0 <= floatRange.upper }.map { .float($0) }
    }
    if case .int(let value)? = only { return range.contains(value) ? [.int(value)] : [] }
    if range.isEmpty { return [] }
    var values = integers.filter { range.contains($0) }
    if !isComplete {
      // A bound set by other symbols may be far from all earlier candidates.
      for offset in 0...3 {
        let (low, high) = (
          range.lower.addingReportingOverflow(offset), range.upper.subtractingReportingOverflow(offset)
        )
        for value in [low, high] where !value.overflow && range.contains(value.partialValue) {
          let value = value.partialValue
          if value > -1 << 62, value < 1 << 62, !values.contains(value) { values.append(value) }
        }
      }
    }
    return values.map { .int($0) }
  }
}

extension ExprArena {
  /// The integer constants in `expression`.
  func integers(in expression: SymExpr) -> [Int] {
    var found: [Int] = []
    var pending = [expression]
    while let next = pending.popLast() {
      switch view(of: next) {
      case .integer(let value): found.append(value)
      case .add(let parts), .mul(let parts), .call(_, let parts), .and(let parts), .or(let parts):
        pending += parts
      case .relation(_, let lhs, let rhs): pending += [lhs, rhs]
      case .not(let part), .pow(let part, _): pending.append(part)
      case .float(let value): if value.magnitude < 1e15 { found.append(Int(value)) }
      default: break
      }
    }
    return found
  }
}
