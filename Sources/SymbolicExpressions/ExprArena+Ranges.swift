// Ranges of expressions, from those of their symbols.
//
// Source: `SymPyValueRangeAnalysis`, `torch/utils/_sympy/value_ranges.py`; tighter where that is sound.

extension ExprArena {
  /// A range that holds every value of `e` when its symbols lie in `ranges`.
  public mutating func range(of e: SymExpr, in ranges: borrowing SymbolRanges) -> ValueRange {
    if let value = integerValue(of: e) { return .int(IntRange(value)) }
    if let known = self.ranges.range(of: e, version: ranges.version) { return known }
    let result = computedRange(of: e, ranges.ranges, isAssumed: false)
    if hasSymbols(e) { self.ranges.note(result, of: e, version: ranges.version) }
    return result
  }

  /// A range that holds every value of an integer `e`, from the assumptions on its symbols alone.
  mutating func assumedRange(of e: SymExpr) -> IntRange {
    if let value = integerValue(of: e) { return IntRange(value) }
    if case .int(let known)? = assumedRanges.range(of: e, version: 1) { return known }
    let result = computedRange(of: e, [], isAssumed: true)
    assumedRanges.note(result, of: e, version: 1)
    if case .int(let range) = result { return range }
    return .unbounded
  }

  private mutating func computedRange(
    of e: SymExpr, _ symbols: ContiguousArray<ValueRange>, isAssumed: Bool
  ) -> ValueRange {
    func inner(_ arena: inout ExprArena, _ part: SymExpr) -> ValueRange {
      arena.computedRange(of: part, symbols, isAssumed: isAssumed)
    }
    func ints(_ arena: inout ExprArena, _ part: SymExpr) -> IntRange {
      if case .int(let range) = inner(&arena, part) { return range }
      return .unbounded
    }
    switch view(of: e) {
    case .integer(let value): return .int(IntRange(value))
    case .float(let value): return .float(FloatRange(lower: value, upper: value))
    case .boolean(let value): return .bool(canBeFalse: !value, canBeTrue: value)
    case .infinite(let constant):
      switch constant {
      case .intInfinity: return .int(IntRange(.max))
      case .negativeIntInfinity: return .int(IntRange(.min))
      default: return .float(.unbounded)
      }
    case .tooLarge: return .int(.unbounded)
    case .symbol(let symbol):
      if !isAssumed, Int(symbol.index) < symbols.count { return symbols[Int(symbol.index)] }
      return assumedRange(ofSymbol: symbol)
    case .add(let terms):
      if sort(of: e) == .float { return .float(.unbounded) }
      return .int(terms.reduce(IntRange(0)) { $0 + ints(&self, $1) })
    case .mul(let factors):
      if sort(of: e) == .float { return .float(.unbounded) }
      return .int(factors.reduce(IntRange(1)) { $0 * ints(&self, $1) })
    case .pow(let base, let exponent):
      return sort(of: e) == .float ? .float(.unbounded) : .int(ints(&self, base).power(exponent))
    case .relation(let kind, let a, let b): return relationRange(kind, inner(&self, a), inner(&self, b))
    case .and(let parts):
      let truths = parts.map { inner(&self, $0) }
      return .bool(
        canBeFalse: truths.contains { $0.canBe(false) }, canBeTrue: truths.allSatisfy { $0.canBe(true) })
    case .or(let parts):
      let truths = parts.map { inner(&self, $0) }
      return .bool(
        canBeFalse: truths.allSatisfy { $0.canBe(false) }, canBeTrue: truths.contains { $0.canBe(true) })
    case .not(let part):
      let truth = inner(&self, part)
      return .bool(canBeFalse: truth.canBe(true), canBeTrue: truth.canBe(false))
    case .call(let function, let arguments):
      let operands = arguments.map { inner(&self, $0) }
      return callRange(function, operands) ?? unknown(sort(of: e))
    }
  }

  private func assumedRange(ofSymbol symbol: Symbol) -> ValueRange {
    let assumptions = assumptions(of: symbol)
    guard assumptions.contains(.integer) else { return .float(.unbounded) }
    if assumptions.contains(.positive) { return .int(IntRange(lower: 1, upper: .max)) }
    if assumptions.contains(.nonnegative) { return .int(IntRange(lower: 0, upper: .max)) }
    if assumptions.contains(.negative) { return .int(IntRange(lower: .min, upper: -1)) }
    if assumptions.contains(.nonpositive) { return .int(IntRange(lower: .min, upper: 0)) }
    return .int(.unbounded)
  }

  private func unknown(_ sort: SymSort) -> ValueRange {
    switch sort {
    case .int: .int(.unbounded)
    case .float: .float(.unbounded)
    case .bool: .bool(canBeFalse: true, canBeTrue: true)
    }
  }

  private func relationRange(_ kind: RelationKind, _ a: ValueRange, _ b: ValueRange) -> ValueRange {
    var decided: Bool?
    switch (a, b) {
    case (.int(let x), .int(let y)): decided = x.decides(kind, y)
    default:
      if let x = a.floats, let y = b.floats { decided = x.decides(kind, y) }
    }
    return .bool(canBeFalse: decided != true, canBeTrue: decided != false)
  }

  private func callRange(_ function: SymFunction, _ operands: [ValueRange]) -> ValueRange? {
    let ints = operands.map { operand -> IntRange? in
      if case .int(let range) = operand { return range }
      return nil
    }
    switch function {
    case .where:
      guard operands.count == 3 else { return nil }
      if !operands[0].canBe(true) { return operands[2] }
      if !operands[0].canBe(false) { return operands[1] }
      if let a = ints[1], let b = ints[2] { return .int(a.union(b)) }
      return nil
    case .max, .min:
      guard var result = ints.first ?? nil else { return nil }
      for operand in ints.dropFirst() {
        guard let operand else { return nil }
        result = function == .max ? result.maximum(operand) : result.minimum(operand)
      }
      return .int(result)
    case .toFloat: return ints[0].map { .float($0.asFloat) }
    case .truncToInt: return operands[0].floats.map { .int($0.integers(.towardZero)) }
    case .ceilToInt, .ceiling: return operands[0].floats.map { .int($0.integers(.up)) }
    case .floorToInt, .floor: return operands[0].floats.map { .int($0.integers(.down)) }
    case .roundToInt: return operands[0].floats.map { .int($0.integers(.toNearestOrEven)) }
    case .identity: return operands[0]
    case .abs: return ints[0].map { .int($0.magnitude) }
    case .isNonOverlappingAndDenseIndicator: return .int(IntRange(lower: 0, upper: 1))
    case .sqrt:
      guard let range = operands[0].floats, range.lower >= 0 else { return nil }
      return .float(FloatRange(lower: range.lower.squareRoot(), upper: range.upper.squareRoot()))
    case .intTrueDiv, .floatTrueDiv:
      guard let a = operands[0].floats, let b = operands[1].floats else { return nil }
      return a.divided(by: b).map { .float($0) }
    default: break
    }
    guard operands.count >= 2, let a = ints[0], let b = ints[1] else { return nil }
    switch function {
    case .floorDiv, .cleanDiv: return .int(a.floorDivided(by: b))
    case .ceilDiv: return .int(-((-a).floorDivided(by: b)))
    case .mod, .pythonMod:
      let range = a.floorRemainder(by: b)
      return .int(function == .mod && range.lower < 0 ? IntRange(lower: 0, upper: Swift.max(0, range.upper)) : range)
    case .modularIndexing:
      guard let modulus = ints[2] else { return nil }
      return .int(a.floorDivided(by: b).floorRemainder(by: modulus))
    case .bitwiseAnd where a.lower >= 0 && b.lower >= 0:
      return .int(IntRange(lower: 0, upper: Swift.min(a.upper, b.upper)))
    case .powByNatural where b.lower == b.upper && b.lower > 0: return .int(a.power(b.lower))
    default: return nil
    }
  }
}

extension ValueRange {
  func canBe(_ value: Bool) -> Bool {
    if case .bool(let canBeFalse, let canBeTrue) = self { return value ? canBeTrue : canBeFalse }
    return true
  }

  var floats: FloatRange? {
    switch self {
    case .int(let range): range.asFloat
    case .float(let range): range
    case .bool: nil
    }
  }
}

extension FloatRange {
  func decides(_ kind: RelationKind, _ other: FloatRange) -> Bool? {
    switch kind {
    case .eq:
      if lower == upper, self == other, lower.isFinite { return true }
      return upper < other.lower || lower > other.upper ? false : nil
    case .ne: return decides(.eq, other).map { !$0 }
    case .lt: return upper < other.lower ? true : lower >= other.upper && lower.isFinite ? false : nil
    case .le: return upper <= other.lower && upper.isFinite ? true : lower > other.upper ? false : nil
    case .gt: return other.decides(.lt, self)
    case .ge: return other.decides(.le, self)
    }
  }

  /// `a / b` for divisors of one sign.
  func divided(by b: FloatRange) -> FloatRange? {
    guard b.lower > 0 || b.upper < 0 else { return nil }
    let values = [lower / b.lower, lower / b.upper, upper / b.lower, upper / b.upper]
    guard !values.contains(where: \.isNaN), let least = values.min(), let most = values.max() else { return nil }
    return FloatRange(lower: least, upper: most)
  }
}
