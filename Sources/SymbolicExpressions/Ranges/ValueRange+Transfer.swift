// The range of an expression, derived from the ranges of its operands by one rule for each kind of record.

extension ExprArena {
  func transferredRange(of e: SymExpr, _ record: Record, _ range: RangeColumn) -> ValueRange {
    switch record.kind {
    case .constant: return constantRange(e)
    case .integer: return .int(IntRange(record.integer))
    case .float: return .float(FloatRange(lower: record.double, upper: record.double))
    case .symbol: return .int(.unbounded)
    case .sum: return fold(record, range, +, FloatRange.sum)
    case .product, .scale: return fold(record, range, *, FloatRange.product)
    case .power:
      guard case .int(let base) = range(SymExpr(bits: record.lhs)) else { return .float(.unbounded) }
      return .int(IntRange.pow(base, record.exponent))
    case .relation:
      return relationRange(
        record.relation, range(SymExpr(bits: record.lhs)), range(SymExpr(bits: record.rhs)))
    case .and, .or:
      var decision: Bool? = record.kind == .and
      for position in 0..<record.operandCount {
        let part = range(operand(record, position)).decision
        if part == (record.kind == .or) { return ValueRange(part) }
        if part == nil { decision = nil }
      }
      return ValueRange(decision)
    case .not: return ValueRange(range(SymExpr(bits: record.lhs)).decision.map { !$0 })
    case .unary, .binary, .nary: return callRange(record.callee, record, sort(of: e), range)
    }
  }

  private func constantRange(_ e: SymExpr) -> ValueRange {
    switch e {
    case .true, .false: ValueRange(e == .true)
    case .intInfinity: .int(IntRange(.max))
    case .negativeIntInfinity: .int(IntRange(.min))
    case .infinity: .float(FloatRange(lower: .infinity, upper: .infinity))
    case .negativeInfinity: .float(FloatRange(lower: -.infinity, upper: -.infinity))
    case .nan: .float(.unbounded)
    default: .int(.unbounded)
    }
  }

  private func fold(
    _ record: Record, _ range: RangeColumn, _ ints: (IntRange, IntRange) -> IntRange,
    _ floats: (FloatRange, FloatRange) -> FloatRange
  ) -> ValueRange {
    var result = range(operand(record, 0))
    for position in 1..<record.operandCount {
      let next = range(operand(record, position))
      if case .int(let a) = result, case .int(let b) = next {
        result = .int(ints(a, b))
      } else {
        result = .float(floats(result.floats, next.floats))
      }
    }
    return result
  }

  private func relationRange(_ kind: RelationKind, _ a: ValueRange, _ b: ValueRange) -> ValueRange {
    switch (a, b) {
    case (.int(let x), .int(let y)): return ValueRange(x.decides(kind, y))
    case (.bool, _), (_, .bool):
      guard !kind.isInequality, let x = a.decision, let y = b.decision else { return .unknownBool }
      return ValueRange((x == y) == (kind == .eq))
    default: return ValueRange(a.floats.decides(kind, b.floats))
    }
  }

  private func callRange(
    _ function: SymFunction, _ record: Record, _ sort: SymSort, _ range: RangeColumn
  ) -> ValueRange {
    let first = range(operand(record, 0))
    let second = record.operandCount > 1 ? range(operand(record, 1)) : first
    switch function {
    case .where: return choiceRange([(second, first), (range(operand(record, 2)), .unknownBool)])
    case .piecewise:
      return choiceRange(
        stride(from: 0, to: record.operandCount - 1, by: 2).map {
          (range(operand(record, $0)), range(operand(record, $0 + 1)))
        })
    case .identity: return first
    case .max, .min: return extremumRange(function, record, range)
    case _ where sort == .float: return .float(floatRange(function, first, second))
    case _ where sort == .bool: return .unknownBool
    default: return .int(intRange(function, first, second, record, range))
    }
  }

  /// The union of the cases that are reachable.
  private func choiceRange(_ cases: [(value: ValueRange, condition: ValueRange)]) -> ValueRange {
    var result: ValueRange?
    for (value, condition) in cases where condition.decision != false {
      result = result.map { $0.union(value) } ?? value
      if condition.decision == true { break }
    }
    // Without a reachable case, the widest range claims nothing.
    return result ?? .float(.unbounded)
  }

  private func extremumRange(
    _ function: SymFunction, _ record: Record, _ range: RangeColumn
  ) -> ValueRange {
    let isMax = function == .max
    func pick<Value: Comparable>(_ a: Value, _ b: Value) -> Value { isMax == (a < b) ? b : a }
    func ints(_ a: IntRange, _ b: IntRange) -> IntRange {
      IntRange(lower: pick(a.lower, b.lower), upper: pick(a.upper, b.upper))
    }
    func floats(_ a: FloatRange, _ b: FloatRange) -> FloatRange {
      FloatRange(lower: pick(a.lower, b.lower), upper: pick(a.upper, b.upper))
    }
    return fold(record, range, ints, floats)
  }

  private func intRange(
    _ function: SymFunction, _ first: ValueRange, _ second: ValueRange, _ record: Record,
    _ range: RangeColumn
  ) -> IntRange {
    switch function {
    case .floorDiv, .cleanDiv: return .floorDiv(first.ints, second.ints)
    case .mod: return .mod(first.ints, second.ints)
    case .pythonMod: return .pythonMod(first.ints, second.ints)
    case .modularIndexing:
      return .pythonMod(.floorDiv(first.ints, second.ints), range(operand(record, 2)).ints)
    case .powByNatural: return .powByNatural(first.ints, second.ints)
    case .abs: return .abs(first.ints)
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor: return .bitwise(function, first.ints, second.ints)
    case .isNonOverlappingAndDenseIndicator: return IntRange(lower: 0, upper: 1)
    case .truncToInt: return first.floats.rounded(.towardZero)
    case .ceilToInt, .ceiling: return first.floats.rounded(.up)
    case .floorToInt, .floor: return first.floats.rounded(.down)
    case .roundToInt: return first.floats.rounded(.toNearestOrEven)
    default: return .unbounded
    }
  }

  private func floatRange(_ function: SymFunction, _ first: ValueRange, _ second: ValueRange) -> FloatRange {
    let (x, y) = (first.floats, second.floats)
    switch function {
    case .floatTrueDiv, .intTrueDiv: return .quotient(x, y)
    case .toFloat: return x
    case .truncToFloat: return x.increasing { $0.rounded(.towardZero) }
    case .roundDecimal:
      guard let digits = second.ints.singleton else { return .unbounded }
      return x.increasing { ElementaryFunctions.round($0, digits: digits) }
    case .sin, .cos, .tanh: return FloatRange(lower: -1, upper: 1)
    case .cosh: return FloatRange(lower: 0, upper: .infinity)
    case .exp: return x.increasing { ElementaryFunctions.value(.exp, $0) }
    case .sqrt: return x.lower < 0 ? .unbounded : x.increasing { $0.squareRoot() }
    case .log, .log2:
      return x.lower <= 0 ? .unbounded : x.increasing { ElementaryFunctions.value(function, $0) }
    default: return .unbounded
    }
  }
}
