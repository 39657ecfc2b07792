import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// Operators on sizes and numbers: Python's own, and those of `math` and `torch.sym_…`.
///
/// PyTorch's schema table does not list them, so each row gives its schema. Rows are in alphabetical order.
///
/// Source: `torch/fx/experimental/sym_node.py`; the list of `_SYM_OPS` in `torch/_export/serde/serialize.py`.
let symbolicOperators: [OperatorRow] = [
  .number("_operator.abs") { call, a in try call.magnitude(a) },
  .number("_operator.add") { call, a, b in call.numbers.sum(a, b) },
  .number("_operator.and_") { call, a, b in try call.bitwise(a, b, .bitwiseAnd) },
  .comparison("_operator.eq", .eq),
  .number("_operator.floordiv") { call, a, b in try call.numbers.floorQuotient(a, b) },
  .comparison("_operator.ge", .ge),
  .comparison("_operator.gt", .gt),
  .number("_operator.iadd") { call, a, b in call.numbers.sum(a, b) },
  .number("_operator.iand") { call, a, b in try call.bitwise(a, b, .bitwiseAnd) },
  .number("_operator.ifloordiv") { call, a, b in try call.numbers.floorQuotient(a, b) },
  .number("_operator.ilshift") { call, a, b in try call.shifted(a, b, .lShift) },
  .number("_operator.imatmul") { call, _, _ in
    throw call.refusal("unsupported operand type(s) for @=: numbers")
  },
  .number("_operator.imod") { call, a, b in try call.numbers.remainder(a, b) },
  .number("_operator.imul") { call, a, b in call.numbers.product(a, b) },
  .number("_operator.index") { call, a in .int(call.numbers.toInt(a)) },
  .comparison("_operator.le", .le),
  .number("_operator.invert") { call, a in
    if case .bool(let value) = a { return .bool(call.shapes.not(value)) }
    return call.numbers.difference(call.numbers.difference(.int(0), a), .int(1))
  },
  .number("_operator.ior") { call, a, b in try call.bitwise(a, b, .bitwiseOr) },
  .number("_operator.ipow") { call, a, b in try call.numbers.power(a, b) },
  .number("_operator.irshift") { call, a, b in try call.shifted(a, b, .rShift) },
  .number("_operator.isub") { call, a, b in call.numbers.difference(a, b) },
  .number("_operator.itruediv") { call, a, b in try call.numbers.trueQuotient(a, b) },
  .number("_operator.ixor") { call, a, b in try call.bitwise(a, b, .bitwiseXor) },
  .number("_operator.lshift") { call, a, b in try call.shifted(a, b, .lShift) },
  .comparison("_operator.lt", .lt),
  .number("_operator.matmul") { call, _, _ in throw call.refusal("unsupported operand type(s) for @: numbers")
  },
  .number("_operator.mod") { call, a, b in try call.numbers.remainder(a, b) },
  .number("_operator.mul") { call, a, b in call.numbers.product(a, b) },
  .comparison("_operator.ne", .ne),
  .number("_operator.neg") { call, a in call.numbers.difference(.int(0), a) },
  .number("_operator.not_") { call, a in .bool(SymBool(try !call.evaluate(call.numbers.toBool(a)))) },
  .number("_operator.or_") { call, a, b in try call.bitwise(a, b, .bitwiseOr) },
  .number("_operator.pos") { call, a in call.numbers.sum(.int(0), a) },
  .number("_operator.pow") { call, a, b in try call.numbers.power(a, b) },
  .number("_operator.rshift") { call, a, b in try call.shifted(a, b, .rShift) },
  .number("_operator.sub") { call, a, b in call.numbers.difference(a, b) },
  .number("_operator.truediv") { call, a, b in try call.numbers.trueQuotient(a, b) },
  .number("_operator.truth") { call, a in .bool(SymBool(try call.evaluate(call.numbers.toBool(a)))) },
  .number("_operator.xor") { call, a, b in try call.bitwise(a, b, .bitwiseXor) },
  .number("builtins.abs") { call, a in try call.magnitude(a) },
  .number("builtins.max") { call, a, b in call.numbers.maximum(a, b) },
  .number("builtins.min") { call, a, b in call.numbers.minimum(a, b) },
  .number("builtins.round") { call, a in call.roundedToEven(a) },
  .opaque("math.acos", .acos),
  .opaque("math.asin", .asin),
  .opaque("math.asinh", .asinh),
  .opaque("math.atan", .atan),
  .number("math.ceil") { call, a in call.whole(a, .ceilToInt) { $0.rounded(.up) } },
  .opaque("math.cos", .cos),
  .opaque("math.cosh", .cosh),
  .opaque("math.exp", .exp),
  .number("math.floor") { call, a in call.whole(a, .floorToInt) { $0.rounded(.down) } },
  .opaque("math.log", .log),
  .opaque("math.log2", .log2),
  .number("math.pow") { call, a, b in try call.numbers.power(.float(call.numbers.toFloat(a)), b) },
  .opaque("math.sin", .sin),
  .opaque("math.sinh", .sinh),
  .opaque("math.sqrt", .sqrt),
  .opaque("math.tan", .tan),
  .opaque("math.tanh", .tanh),
  .number("math.trunc") { call, a in call.whole(a, .truncToInt) { $0.rounded(.towardZero) } },
  .opaque("torch._sym_acos", .acos),
  .opaque("torch._sym_asin", .asin),
  .opaque("torch._sym_atan", .atan),
  .opaque("torch._sym_cos", .cos),
  .opaque("torch._sym_cosh", .cosh),
  .opaque("torch._sym_log2", .log2),
  .opaque("torch._sym_sin", .sin),
  .opaque("torch._sym_sinh", .sinh),
  .opaque("torch._sym_sqrt", .sqrt),
  .opaque("torch._sym_tan", .tan),
  .opaque("torch._sym_tanh", .tanh),
  .number("torch.sym_float") { call, a in .float(call.numbers.toFloat(a)) },
  .number("torch.sym_int") { call, a in .int(call.numbers.toInt(a)) },
  OperatorRow("torch.sym_ite", schema: "torch::sym_ite(Scalar b, Scalar t, Scalar f) -> Scalar", symIte),
  .number("torch.sym_max") { call, a, b in call.numbers.maximum(a, b) },
  .number("torch.sym_min") { call, a, b in call.numbers.minimum(a, b) },
  .number("torch.sym_not") { call, a in .bool(call.shapes.not(call.numbers.toBool(a))) },
  .opaque("torch.sym_sqrt", .sqrt),
  OperatorRow("torch.sym_sum", schema: "torch::sym_sum(Scalar[] args) -> Scalar", symSum),
]

extension OperatorRow {
  /// An operator of one number.
  fileprivate static func number(
    _ name: String, _ rule: @escaping @Sendable (OperatorCall, SymNumber) throws -> SymNumber
  ) -> OperatorRow {
    OperatorRow(name, signature: "(Scalar a) -> Scalar") { call in
      if let result = try call.onTensors(name) { return result }
      return call.numbers.value(try rule(call, call.numbers.number(0)))
    }
  }

  /// An operator of two numbers.
  fileprivate static func number(
    _ name: String, _ rule: @escaping @Sendable (OperatorCall, SymNumber, SymNumber) throws -> SymNumber
  ) -> OperatorRow {
    OperatorRow(name, signature: "(Scalar a, Scalar b) -> Scalar") { call in
      if let result = try call.onTensors(name) { return result }
      return call.numbers.value(try rule(call, call.numbers.number(0), call.numbers.number(1)))
    }
  }

  fileprivate static func comparison(_ name: String, _ relation: RelationKind) -> OperatorRow {
    number(name) { call, a, b in .bool(call.numbers.comparison(relation, a, b)) }
  }

  /// A function of one float that stays symbolic.
  fileprivate static func opaque(_ name: String, _ function: SymFunction) -> OperatorRow {
    number(name) { call, a in .float(call.shapes.arena.apply(function, call.numbers.toFloat(a))) }
  }
}

extension OperatorCall {
  fileprivate func magnitude(_ a: SymNumber) throws -> SymNumber {
    switch a {
    case .float(let value):
      if let known = shapes.arena.doubleValue(of: value) { return .float(shapes.arena.float(abs(known))) }
      return .float(shapes.arena.apply(.abs, value))
    case .int, .bool:
      let value = numbers.toInt(a)
      if let known = value.constant { return .int(SymInt(abs(known))) }
      return .int(shapes.symInt(shapes.arena.apply(.abs, shapes.expression(value))))
    }
  }

  /// `&`, `|`, `^`: logical for bools, bitwise for integers.
  fileprivate func bitwise(_ a: SymNumber, _ b: SymNumber, _ function: SymFunction) throws -> SymNumber {
    if case .bool(let x) = a, case .bool(let y) = b {
      switch function {
      case .bitwiseAnd: return .bool(shapes.and(x, y))
      case .bitwiseOr: return .bool(shapes.or(x, y))
      default: return .bool(shapes.or(shapes.and(x, shapes.not(y)), shapes.and(shapes.not(x), y)))
      }
    }
    try require(!a.isFloat && !b.isFloat, "unsupported operand type(s) for a bitwise operator: float")
    let (x, y) = (numbers.toInt(a), numbers.toInt(b))
    if let first = x.constant, let second = y.constant {
      switch function {
      case .bitwiseAnd: return .int(SymInt(first & second))
      case .bitwiseOr: return .int(SymInt(first | second))
      default: return .int(SymInt(first ^ second))
      }
    }
    return .int(shapes.symInt(shapes.arena.apply(function, shapes.expression(x), shapes.expression(y))))
  }

  fileprivate func shifted(_ a: SymNumber, _ b: SymNumber, _ function: SymFunction) throws -> SymNumber {
    try require(!a.isFloat && !b.isFloat, "unsupported operand type(s) for a shift: float")
    let (x, y) = (numbers.toInt(a), numbers.toInt(b))
    if let count = y.constant {
      try require(count >= 0, "negative shift count")
      if count < 62 {
        let factor = SymInt(1 << count)
        return .int(function == .lShift ? shapes.mul(x, factor) : shapes.floorDiv(x, factor))
      }
    }
    return .int(shapes.symInt(shapes.arena.apply(function, shapes.expression(x), shapes.expression(y))))
  }

  /// A number as an integer; an integer is returned unchanged.
  fileprivate func whole(
    _ a: SymNumber, _ function: SymFunction, _ rule: (Double) -> Double
  ) -> SymNumber {
    guard case .float(let value) = a else { return .int(numbers.toInt(a)) }
    return .int(numbers.rounded(value, function, rule))
  }

  fileprivate func roundedToEven(_ a: SymNumber) -> SymNumber {
    whole(a, .roundToInt) { $0.rounded(.toNearestOrEven) }
  }
}

/// `torch.sym_ite(b, t, f)`: `t if b else f`, as `Piecewise`.
@Sendable
private func symIte(_ call: OperatorCall) throws -> FakeValue {
  let condition = call.numbers.toBool(try call.numbers.number(0))
  if let known = condition.constant { return call[known ? 1 : 2] }
  let (then, otherwise) = (try call.numbers.number(1), try call.numbers.number(2))
  switch (then, otherwise) {
  case (.int, .int), (.int, .bool), (.bool, .int):
    let shapes = call.shapes
    let (a, b) = (
      shapes.expression(call.numbers.toInt(then)), shapes.expression(call.numbers.toInt(otherwise))
    )
    return .symInt(shapes.symInt(shapes.arena.where(condition.expression, a, b)))
  case (.bool(let a), .bool(let b)):
    let shapes = call.shapes
    return call.numbers.value(
      .bool(shapes.or(shapes.and(condition, a), shapes.and(shapes.not(condition), b))))
  default:
    let (a, b) = (call.numbers.toFloat(then), call.numbers.toFloat(otherwise))
    return call.numbers.value(.float(call.shapes.arena.where(condition.expression, a, b)))
  }
}

/// `torch.sym_sum(args)`: the sum of a list of numbers.
@Sendable
private func symSum(_ call: OperatorCall) throws -> FakeValue {
  guard let items = call[0].elements else { throw call.refusal("sym_sum takes a list of numbers") }
  let numbers = try items.map { try call.numbers.number($0, 0) }
  // All integers at once: adding one by one would intern a wide sum for each step.
  if !numbers.contains(where: \.isFloat) { return .symInt(call.shapes.sum(numbers.map(call.numbers.toInt))) }
  return call.numbers.value(numbers.reduce(.int(0), call.numbers.sum))
}
