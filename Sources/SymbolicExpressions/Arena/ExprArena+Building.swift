// Function calls. Each looks in the memo first, then tries the function's laws.

extension ExprArena {
  /// Python's `a // b`.
  public mutating func floorDiv(_ a: SymExpr, _ b: SymExpr) -> SymExpr { apply(.floorDiv, a, b) }

  /// A division that the caller knows to be exact.
  public mutating func cleanDiv(_ a: SymExpr, _ b: SymExpr) -> SymExpr { apply(.cleanDiv, a, b) }

  /// `a / b` rounded up.
  public mutating func ceilDiv(_ a: SymExpr, _ b: SymExpr) -> SymExpr { apply(.ceilDiv, a, b) }

  /// `a mod b` for `a ≥ 0`.
  public mutating func mod(_ a: SymExpr, _ b: SymExpr) -> SymExpr { apply(.mod, a, b) }

  /// Python's `a % b`, whose sign is that of `b`.
  public mutating func pythonMod(_ a: SymExpr, _ b: SymExpr) -> SymExpr { apply(.pythonMod, a, b) }

  /// `(x // divisor) mod modulus`.
  public mutating func modularIndexing(
    _ x: SymExpr, _ divisor: SymExpr, _ modulus: SymExpr
  ) -> SymExpr {
    if isAbsorbing(x) { return x }
    let form = CallForm(function: .modularIndexing, a: x, b: divisor, c: modulus)
    return rewritten(form) ?? internCall(.modularIndexing, [x, divisor, modulus])
  }

  /// The larger of two.
  public mutating func max(_ a: SymExpr, _ b: SymExpr) -> SymExpr { apply(.max, a, b) }

  /// The smaller of two.
  public mutating func min(_ a: SymExpr, _ b: SymExpr) -> SymExpr { apply(.min, a, b) }

  /// The largest of all operands.
  public mutating func max(_ operands: [SymExpr]) -> SymExpr { extremum(.max, operands) }

  /// The smallest of all operands.
  public mutating func min(_ operands: [SymExpr]) -> SymExpr { extremum(.min, operands) }

  /// `a` if `condition` holds, else `b`.
  public mutating func `where`(_ condition: SymExpr, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    let form = CallForm(function: .where, a: condition, b: a, c: b)
    return rewritten(form) ?? internCall(.where, [condition, a, b])
  }

  /// A call with one operand.
  public mutating func apply(_ function: SymFunction, _ a: SymExpr) -> SymExpr {
    if function == .max || function == .min { return a }
    if isAbsorbing(a) { return a }
    let form = CallForm(function: function, a: a)
    return rewritten(form) ?? intern(.unary, function: function.rawValue, a.bits)
  }

  /// A call with two operands.
  public mutating func apply(_ function: SymFunction, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if function == .pow { return pow(a, b) }
    if let x = a.small, let y = b.small, let value = smallResult(function, x, y) { return value }
    if isAbsorbing(a) { return a }
    if isAbsorbing(b) { return b }
    let request = RequestMemo.Request.function(function)
    if let known = answer(request, a, b) { return known }
    let result: SymExpr
    if function == .max || function == .min {
      result = extremum(function, [a, b])
    } else {
      let form = CallForm(function: function, a: a, b: b)
      result = rewritten(form) ?? intern(.binary, function, a, b)
    }
    memo.remember(request, a, b, result)
    return result
  }

  /// A call of any function; nil if the number of arguments is wrong.
  public mutating func apply(_ function: SymFunction, _ arguments: [SymExpr]) -> SymExpr? {
    guard function.arity.contains(arguments.count) else { return nil }
    switch function {
    case .max, .min: return extremum(function, arguments)
    case .modularIndexing: return modularIndexing(arguments[0], arguments[1], arguments[2])
    case .where: return `where`(arguments[0], arguments[1], arguments[2])
    case .piecewise: return piecewise(arguments)
    case .isNonOverlappingAndDenseIndicator: return nonOverlappingAndDense(arguments)
    default:
      return arguments.count == 1
        ? apply(function, arguments[0]) : apply(function, arguments[0], arguments[1])
    }
  }
}

// MARK: - Unevaluated calls

extension ExprArena {
  /// Interns a call that no law rewrites.
  mutating func intern(_ kind: Kind, _ function: SymFunction, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    intern(kind, function: function.rawValue, a.bits, b.bits)
  }

  mutating func internCall(_ function: SymFunction, _ arguments: [SymExpr]) -> SymExpr {
    switch arguments.count {
    case 1: return intern(.unary, function: function.rawValue, arguments[0].bits)
    case 2: return intern(.binary, function, arguments[0], arguments[1])
    default:
      let start = scratch.count
      for argument in arguments { scratch.append(argument.bits) }
      return internPooled(.nary, function: function.rawValue, from: start)
    }
  }

  /// Tries the laws of a call, in order.
  private mutating func rewritten(_ form: CallForm) -> SymExpr? {
    for rule in RewriteRule.rules(of: form.function) {
      counted.laws &+= 1
      if let result = rule.rewrite(&self, form) { return result }
    }
    return nil
  }

  /// The result for two small integers, without the memo.
  private func smallResult(_ function: SymFunction, _ x: Int, _ y: Int) -> SymExpr? {
    switch function {
    case .floorDiv, .cleanDiv: y == 0 ? nil : SymExpr(small: floorQuotient(x, y))
    case .mod, .pythonMod: y == 0 ? nil : SymExpr(small: floorRemainder(x, y))
    case .max: SymExpr(small: Swift.max(x, y))
    case .min: SymExpr(small: Swift.min(x, y))
    default: nil
    }
  }

  /// `Piecewise((e₁, c₁), (e₂, c₂), …)`: drops cases that are never taken, and all cases after `true`.
  private mutating func piecewise(_ arguments: [SymExpr]) -> SymExpr? {
    guard arguments.count % 2 == 0 else { return nil }
    var kept: [SymExpr] = []
    for position in stride(from: 0, to: arguments.count, by: 2) where arguments[position + 1] != .false {
      kept += arguments[position...(position + 1)]
      if arguments[position + 1] == .true { break }
    }
    if kept.isEmpty { return .nan }
    return kept[1] == .true ? kept[0] : internCall(.piecewise, kept)
  }
}

/// Python's `//`, which rounds towards negative infinity.
///
/// `y` must not be 0, and the quotient must fit 64 bits.
package func floorQuotient(_ x: Int, _ y: Int) -> Int {
  let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
  return remainder != 0 && (remainder < 0) != (y < 0) ? quotient - 1 : quotient
}

/// Python's `%`, which has the sign of `y`.
///
/// `y` must not be 0, nor −1 when `x` is `Int.min`.
package func floorRemainder(_ x: Int, _ y: Int) -> Int {
  let remainder = x % y
  return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder
}
