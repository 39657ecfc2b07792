public import SymbolicExpressions

/// Arithmetic on sizes.
///
/// Constants are folded; an integer that overflows 64 bits becomes ``SymInt/tooLarge``.
extension ShapeEnv {
  /// `value` as an expression in this environment's arena.
  @inlinable
  public func expression(_ value: SymInt) -> SymExpr {
    if let constant = value.constant { return arena.integer(constant) }
    #if DEBUG
      precondition(value.belongs(to: number), "a size of one ShapeEnv was used in another")
    #endif
    return value.handle
  }

  /// The value of an integer expression, stored inline if it is a constant.
  @inlinable
  public func symInt(_ expression: SymExpr) -> SymInt {
    if let constant = arena.integerValue(of: expression) { return SymInt(constant) }
    #if DEBUG
      return SymInt(symbolic: expression, of: number)
    #else
      return SymInt(symbolic: expression)
    #endif
  }

  /// `a + b`.
  @inlinable
  public func add(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant { return checked(x.addingReportingOverflow(y)) }
    if b == 0 { return a }
    if a == 0 { return b }
    return symInt(arena.add(expression(a), expression(b)))
  }

  /// The sum of all values, built in one step; 0 if there are none.
  ///
  /// - Complexity: O(*n* log *n*) for *n* terms.
  public func sum(_ values: [SymInt]) -> SymInt {
    if values.count < 3 { return values.reduce(0, add) }
    return symInt(arena.sum(values.map(expression)))
  }

  /// `a - b`.
  @inlinable
  public func sub(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant { return checked(x.subtractingReportingOverflow(y)) }
    if b == 0 { return a }
    return symInt(arena.sub(expression(a), expression(b)))
  }

  /// `a * b`.
  @inlinable
  public func mul(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant { return checked(x.multipliedReportingOverflow(by: y)) }
    if b == 1 { return a }
    if a == 1 { return b }
    return symInt(arena.mul(expression(a), expression(b)))
  }

  /// `a * b` without multiplying out a product of sums.
  ///
  /// PyTorch's `SymInt` does the same, so its ranges and divisions see the factors.
  public func mulUnexpanded(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant { return checked(x.multipliedReportingOverflow(by: y)) }
    return symInt(arena.mulUnexpanded(expression(a), expression(b)))
  }

  @inlinable
  func checked(_ result: (partialValue: Int, overflow: Bool)) -> SymInt {
    result.overflow ? .tooLarge : SymInt(result.partialValue)
  }

  /// `-a`.
  public func neg(_ a: SymInt) -> SymInt { sub(0, a) }

  /// `a // b`, rounded towards negative infinity.
  ///
  /// Division by the constant zero remains an expression.
  public func floorDiv(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant, y > 0 {
      return SymInt(x >= 0 ? x / y : -((-(x &+ 1)) / y) - 1)
    }
    if b == 1 { return a }
    return symInt(arena.floorDiv(expression(a), expression(b)))
  }

  /// `a / b` rounded towards positive infinity.
  public func ceilDiv(_ a: SymInt, _ b: SymInt) -> SymInt { floorDiv(sub(add(a, b), 1), b) }

  /// `a % b` for `a ≥ 0`, `b > 0`, as `Mod`.
  public func mod(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant, x >= 0, y > 0 { return SymInt(x % y) }
    return symInt(arena.mod(expression(a), expression(b)))
  }

  /// Whether `b` divides `a`, for `a ≥ 0`, `b > 0`.
  ///
  /// It is known by form if `b` is a factor of `a`.
  package func divides(_ b: SymInt, _ a: SymInt) -> SymBool {
    let remainder = mod(a, b)
    if remainder == 0 || arena.isFactor(expression(b), of: expression(a)) { return true }
    return eq(remainder, 0)
  }

  /// `a % b` with Python's sign rule, as `PythonMod`.
  public func pythonMod(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant, y > 0 {
      let r = x % y
      return SymInt(r < 0 ? r + y : r)
    }
    return symInt(arena.pythonMod(expression(a), expression(b)))
  }

  /// `a % b` as in Python: `Mod` if neither can be negative, otherwise `PythonMod`.
  ///
  /// Source: `SymNode.mod`.
  public func remainder(_ a: SymInt, _ b: SymInt) -> SymInt {
    guard profile.has(.remembersOperations) else { return chosenRemainder(a, b) }
    let form = expression(pythonMod(a, b))
    if facts.signedRemainders[form] == facts.replaced.count { return symInt(form) }
    let remainder = chosenRemainder(a, b)
    // Only this form can change as signs become known.
    if remainder.isSymbolic, expression(remainder) == form, facts.signedRemainders[form] == nil {
      facts.signedRemainders[form] = facts.replaced.count
      changed(.signedRemainder(form))
    }
    return remainder
  }

  private func chosenRemainder(_ a: SymInt, _ b: SymInt) -> SymInt {
    isNonNegative(a) && isNonNegative(b) ? mod(a, b) : pythonMod(a, b)
  }

  private func isNonNegative(_ value: SymInt) -> Bool {
    bound(of: value).lower >= 0 || arena.sign(of: expression(value)).contains(.nonNegative)
  }

  /// The larger of two sizes.
  public func max(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant { return SymInt(Swift.max(x, y)) }
    return symInt(arena.max(expression(a), expression(b)))
  }

  /// The smaller of two sizes.
  public func min(_ a: SymInt, _ b: SymInt) -> SymInt {
    if let x = a.constant, let y = b.constant { return SymInt(Swift.min(x, y)) }
    return symInt(arena.min(expression(a), expression(b)))
  }

  /// The product of `values`; 1 if there are none.
  @inlinable
  public func product(_ values: some Sequence<SymInt>) -> SymInt {
    var result: SymInt = 1
    for value in values { result = mul(result, value) }
    return result
  }

  // Relations

  /// `a == b` as Python asks it: a number leaves the comparison to the symbolic size.
  package func equalAsInPython(_ a: SymInt, _ b: SymInt) -> SymBool { a.isSymbolic ? eq(a, b) : eq(b, a) }

  /// `a == b`.
  @inlinable
  public func eq(_ a: SymInt, _ b: SymInt) -> SymBool {
    if a == b && a != .tooLarge { return true }
    if a.constant != nil, b.constant != nil { return false }
    return SymBool(arena.eq(expression(a), expression(b)))
  }

  /// `a != b`.
  @inlinable
  public func ne(_ a: SymInt, _ b: SymInt) -> SymBool { not(eq(a, b)) }

  /// `a < b`.
  @inlinable
  public func lt(_ a: SymInt, _ b: SymInt) -> SymBool {
    if let x = a.constant, let y = b.constant { return SymBool(x < y) }
    return SymBool(arena.lt(expression(a), expression(b)))
  }

  /// `a <= b`.
  @inlinable
  public func le(_ a: SymInt, _ b: SymInt) -> SymBool {
    if let x = a.constant, let y = b.constant { return SymBool(x <= y) }
    return SymBool(arena.le(expression(a), expression(b)))
  }

  /// `a > b`.
  @inlinable
  public func gt(_ a: SymInt, _ b: SymInt) -> SymBool {
    if let x = a.constant, let y = b.constant { return SymBool(x > y) }
    return SymBool(arena.gt(expression(a), expression(b)))
  }

  /// `a >= b`.
  @inlinable
  public func ge(_ a: SymInt, _ b: SymInt) -> SymBool {
    if let x = a.constant, let y = b.constant { return SymBool(x >= y) }
    return SymBool(arena.ge(expression(a), expression(b)))
  }

  /// Whether both hold.
  public func and(_ a: SymBool, _ b: SymBool) -> SymBool {
    if let x = a.constant { return x ? b : false }
    if let y = b.constant { return y ? a : false }
    return SymBool(arena.and([a.expression, b.expression]))
  }

  /// Whether at least one holds.
  public func or(_ a: SymBool, _ b: SymBool) -> SymBool {
    if let x = a.constant { return x ? true : b }
    if let y = b.constant { return y ? true : a }
    return SymBool(arena.or([a.expression, b.expression]))
  }

  /// Whether `a` does not hold.
  @inlinable
  public func not(_ a: SymBool) -> SymBool {
    if let x = a.constant { return SymBool(!x) }
    return SymBool(arena.not(a.expression))
  }
}
