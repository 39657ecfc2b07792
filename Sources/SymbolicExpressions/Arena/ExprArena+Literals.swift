// Literals and arithmetic on them. A literal is an integer, a float or an infinity.

extension ExprArena {
  /// The literal `value`.
  public mutating func integer(_ value: Int) -> SymExpr {
    if let small = SymExpr(small: value) { return small }
    let bits = UInt64(bitPattern: Int64(value))
    return intern(.integer, UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
  }

  /// The literal `value`; infinities and NaN have their own handles.
  public mutating func float(_ value: Double) -> SymExpr {
    if value.isNaN { return .nan }
    if value.isInfinite { return value > 0 ? .infinity : .negativeInfinity }
    let bits = value.bitPattern
    return intern(.float, UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
  }

  /// The literal for `number`.
  public mutating func literal(_ number: SymExpr.Number) -> SymExpr {
    switch number {
    case .int(let value): integer(value)
    case .float(let value): float(value)
    case .bool(let value): SymExpr(value)
    }
  }

  /// The value of an integer literal; nil for anything else.
  @inlinable
  public func integerValue(of e: SymExpr) -> Int? { e.small ?? recordedInteger(e) }

  @usableFromInline
  func recordedInteger(_ e: SymExpr) -> Int? {
    let record = record(of: e)
    return record.kind == .integer ? record.integer : nil
  }

  /// The value of `true` or `false`; nil for anything else.
  @inlinable
  public func booleanValue(of e: SymExpr) -> Bool? {
    e == .true ? true : e == .false ? false : nil
  }

  /// The value of a numeric literal as a float, infinities included.
  public func doubleValue(of e: SymExpr) -> Double? {
    if let value = integerValue(of: e) { return Double(value) }
    switch e {
    case .infinity, .intInfinity: return .infinity
    case .negativeInfinity, .negativeIntInfinity: return -.infinity
    case .nan: return .nan
    default:
      let record = record(of: e)
      return record.kind == .float ? record.double : nil
    }
  }

  /// The value of a numeric literal, such as the coefficient of a term.
  func value(ofLiteral e: SymExpr) -> Double {
    guard let value = doubleValue(of: e) else { preconditionFailure("a literal was expected") }
    return value
  }

  /// Whether `e` is a literal below 0.
  func isNegative(_ e: SymExpr) -> Bool { doubleValue(of: e).map { $0 < 0 } == true }

  /// Whether `e` is a numeric literal; `tooLarge` and `nan` are not.
  func isLiteral(_ e: SymExpr) -> Bool {
    if e.small != nil { return true }
    switch record(of: e).kind {
    case .integer, .float: return true
    case .constant: return isInfinite(e)
    default: return false
    }
  }

  /// Whether `e` is an integer literal below `limit`.
  func isLiteral(_ e: SymExpr, below limit: Int) -> Bool { integerValue(of: e).map { $0 < limit } == true }

  func isInfinite(_ e: SymExpr) -> Bool {
    e.bits >= SymExpr.intInfinity.bits && e.bits <= SymExpr.negativeInfinity.bits
  }

  /// Whether every sum or product that contains `e` equals `e`.
  func isAbsorbing(_ e: SymExpr) -> Bool { e == .tooLarge || e == .nan }

  mutating func addLiterals(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if let x = integerValue(of: a), let y = integerValue(of: b) {
      let (value, overflow) = x.addingReportingOverflow(y)
      return overflow ? .tooLarge : integer(value)
    }
    return floatResult(a, b) { $0 + $1 }
  }

  mutating func mulLiterals(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if let x = integerValue(of: a), let y = integerValue(of: b) {
      let (value, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? .tooLarge : integer(value)
    }
    return floatResult(a, b) { $0 * $1 }
  }

  /// Float arithmetic.
  ///
  /// An infinite result of two integers is an integer infinity.
  private mutating func floatResult(
    _ a: SymExpr, _ b: SymExpr, _ combine: (Double, Double) -> Double
  ) -> SymExpr {
    guard let x = doubleValue(of: a), let y = doubleValue(of: b) else { return .nan }
    let value = combine(x, y)
    if value.isInfinite, sort(of: a) == .int, sort(of: b) == .int {
      return value > 0 ? .intInfinity : .negativeIntInfinity
    }
    return float(value)
  }

  /// `value` rounded by `rounding` to an integer, an infinity, or `tooLarge`.
  mutating func integer(from value: Double, _ rounding: FloatingPointRoundingRule) -> SymExpr {
    if value.isNaN { return .nan }
    if value.isInfinite { return value > 0 ? .intInfinity : .negativeIntInfinity }
    guard let exact = Int(exactly: value.rounded(rounding)) else { return .tooLarge }
    return integer(exact)
  }
}
