import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// Python's arithmetic on numbers, any of which may be symbolic.
///
/// Integers stay integers, a float operand makes the result a float, bools count as 0 and 1.
///
/// Source: `torch/fx/experimental/sym_node.py`; `torch.SymInt`, `torch.SymFloat` in `torch/__init__.py`.
extension Numbers {
  typealias IntOperation = (ShapeEnv, SymInt, SymInt) -> SymInt

  /// An operation defined on integers and on floats.
  func arithmetic(
    _ a: SymNumber, _ b: SymNumber, _ onInts: IntOperation, _ onDoubles: (Double, Double) -> Double,
    _ onExpressions: (ShapeEnv, SymExpr, SymExpr) -> SymExpr
  ) -> SymNumber {
    guard a.isFloat || b.isFloat else { return .int(onInts(shapes, toInt(a), toInt(b))) }
    let (x, y) = (toFloat(a), toFloat(b))
    if let first = shapes.arena.doubleValue(of: x), let second = shapes.arena.doubleValue(of: y) {
      return .float(shapes.arena.float(onDoubles(first, second)))
    }
    return .float(onExpressions(shapes, x, y))
  }

  func sum(_ a: SymNumber, _ b: SymNumber) -> SymNumber {
    arithmetic(a, b, { $0.add($1, $2) }, +) { shapes, x, y in
      // SymPy drops a zero, which a sum of floats would keep here.
      if shapes.arena.doubleValue(of: y) == 0 { return x }
      return shapes.arena.doubleValue(of: x) == 0 ? y : shapes.arena.add(x, y)
    }
  }

  func difference(_ a: SymNumber, _ b: SymNumber) -> SymNumber {
    arithmetic(a, b, { $0.sub($1, $2) }, -) { shapes, x, y in
      if shapes.arena.doubleValue(of: y) == 0 { return x }
      return shapes.arena.doubleValue(of: x) == 0 ? shapes.arena.neg(y) : shapes.arena.sub(x, y)
    }
  }

  func product(_ a: SymNumber, _ b: SymNumber) -> SymNumber {
    arithmetic(a, b, { $0.mul($1, $2) }, *, { $0.arena.mul($1, $2) })
  }

  func maximum(_ a: SymNumber, _ b: SymNumber) -> SymNumber {
    arithmetic(a, b, { $0.max($1, $2) }, { Swift.max($0, $1) }, { $0.arena.max($1, $2) })
  }

  func minimum(_ a: SymNumber, _ b: SymNumber) -> SymNumber {
    arithmetic(a, b, { $0.min($1, $2) }, { Swift.min($0, $1) }, { $0.arena.min($1, $2) })
  }

  /// `a // b`: integers as `FloorDiv`; floats as the float of the floor of the quotient.
  func floorQuotient(_ a: SymNumber, _ b: SymNumber) throws -> SymNumber {
    try requireNonZero(b)
    if a.isFloat || b.isFloat {
      let quotient = try trueQuotient(a, b)
      return .float(toFloat(.int(rounded(toFloat(quotient), .floorToInt) { $0.rounded(.down) })))
    }
    return .int(shapes.floorDiv(toInt(a), toInt(b)))
  }

  /// `a / b`: `IntTrueDiv` for integers, `FloatTrueDiv` for floats; always a float.
  func trueQuotient(_ a: SymNumber, _ b: SymNumber) throws -> SymNumber {
    try requireNonZero(b)
    if a.isFloat || b.isFloat { return .float(function(.floatTrueDiv, toFloat(a), toFloat(b), /)) }
    let (x, y) = (toInt(a), toInt(b))
    if let first = x.constant, let second = y.constant {
      return .float(shapes.arena.float(Double(first) / Double(second)))
    }
    return .float(shapes.arena.apply(.intTrueDiv, shapes.expression(x), shapes.expression(y)))
  }

  /// `a % b` with the sign of `b`: `Mod` if both are known to be non-negative, otherwise `PythonMod`.
  func remainder(_ a: SymNumber, _ b: SymNumber) throws -> SymNumber {
    try requireNonZero(b)
    guard !a.isFloat, !b.isFloat else {
      return .float(
        function(.pythonMod, toFloat(a), toFloat(b)) { x, y in x - (x / y).rounded(.down) * y })
    }
    let (x, y) = (toInt(a), toInt(b))
    return .int(shapes.remainder(x, y))
  }

  /// `a ** b`: an integer for an integer base and a non-negative integer exponent, otherwise a float.
  ///
  /// Guards: `b >= 0`, which decides the type of the result.
  func power(_ a: SymNumber, _ b: SymNumber) throws -> SymNumber {
    if !a.isFloat, !b.isFloat {
      let (base, exponent) = (toInt(a), toInt(b))
      if try call.evaluate(shapes.ge(exponent, 0)) { return .int(power(base, exponent)) }
    } else if a.isFloat {
      try call.check(comparison(.ge, a, .int(0)), "a float must not be negative to be raised to a power")
    }
    return .float(shapes.arena.apply(.floatPow, toFloat(a), toFloat(b)))
  }

  private func power(_ base: SymInt, _ exponent: SymInt) -> SymInt {
    if let exponent = exponent.constant, exponent <= 16 {
      return shapes.product(Sizes(repeating: base, count: exponent))
    }
    return shapes.symInt(
      shapes.arena.apply(.powByNatural, shapes.expression(base), shapes.expression(exponent)))
  }

  /// A function of two floats, computed if both are known.
  private func function(
    _ function: SymFunction, _ a: SymExpr, _ b: SymExpr, _ rule: (Double, Double) -> Double
  ) -> SymExpr {
    if let x = shapes.arena.doubleValue(of: a), let y = shapes.arena.doubleValue(of: b) {
      return shapes.arena.float(rule(x, y))
    }
    return shapes.arena.apply(function, a, b)
  }

  private func requireNonZero(_ divisor: SymNumber) throws {
    let isZero: Bool
    switch divisor {
    case .int(let value): isZero = value.constant == 0
    case .float(let value): isZero = shapes.arena.doubleValue(of: value) == 0
    case .bool(let value): isZero = value.constant == false
    }
    try call.require(!isZero, "division by zero")
  }

  // Comparisons

  /// `a relation b`.
  ///
  /// Bools are compared as bools; a float makes both sides floats.
  func comparison(_ relation: RelationKind, _ a: SymNumber, _ b: SymNumber) -> SymBool {
    if case .bool(let x) = a, case .bool(let y) = b, !relation.isInequality {
      let same = shapes.or(shapes.and(x, y), shapes.and(shapes.not(x), shapes.not(y)))
      return relation == .eq ? same : shapes.not(same)
    }
    if a.isFloat || b.isFloat {
      let (x, y) = (toFloat(a), toFloat(b))
      if let first = shapes.arena.doubleValue(of: x), let second = shapes.arena.doubleValue(of: y) {
        return SymBool(relation.holds(first, second))
      }
      return relate(relation, x, y)
    }
    let (x, y) = (toInt(a), toInt(b))
    switch relation {
    case .eq: return shapes.eq(x, y)
    case .ne: return shapes.ne(x, y)
    case .lt: return shapes.lt(x, y)
    case .le: return shapes.le(x, y)
    case .gt: return shapes.gt(x, y)
    case .ge: return shapes.ge(x, y)
    }
  }

  private func relate(_ relation: RelationKind, _ a: SymExpr, _ b: SymExpr) -> SymBool {
    switch relation {
    case .eq: SymBool(shapes.arena.eq(a, b))
    case .ne: SymBool(shapes.arena.not(shapes.arena.eq(a, b)))
    case .lt: SymBool(shapes.arena.lt(a, b))
    case .le: SymBool(shapes.arena.le(a, b))
    case .gt: SymBool(shapes.arena.gt(a, b))
    case .ge: SymBool(shapes.arena.ge(a, b))
    }
  }
}
