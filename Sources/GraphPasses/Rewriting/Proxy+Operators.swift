public import FX

/// Python's operators: `x + 1` calls `_operator.add`, as tracing records it.
///
/// `1 - x` has the number first. Comparisons give values of the graph, so they have a dot: `x .< y`.
extension Proxy {
  private func apply(_ name: String, _ other: some NodeArgumentConvertible) -> Proxy {
    call("_operator.\(name)", other)
  }

  private func apply(_ name: String, after other: some NodeArgumentConvertible) -> Proxy {
    calling("_operator.\(name)", other, self)
  }

  /// Adds.
  public static func + (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("add", rhs) }
  /// Adds.
  public static func + (lhs: Int, rhs: Proxy) -> Proxy { rhs.apply("add", after: lhs) }
  /// Adds.
  public static func + (lhs: Double, rhs: Proxy) -> Proxy { rhs.apply("add", after: lhs) }

  /// Subtracts.
  public static func - (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("sub", rhs) }
  /// Subtracts.
  public static func - (lhs: Int, rhs: Proxy) -> Proxy { rhs.apply("sub", after: lhs) }
  /// Subtracts.
  public static func - (lhs: Double, rhs: Proxy) -> Proxy { rhs.apply("sub", after: lhs) }

  /// Multiplies.
  public static func * (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("mul", rhs) }
  /// Multiplies.
  public static func * (lhs: Int, rhs: Proxy) -> Proxy { rhs.apply("mul", after: lhs) }
  /// Multiplies.
  public static func * (lhs: Double, rhs: Proxy) -> Proxy { rhs.apply("mul", after: lhs) }

  /// Divides.
  public static func / (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("truediv", rhs) }
  /// Divides.
  public static func / (lhs: Int, rhs: Proxy) -> Proxy { rhs.apply("truediv", after: lhs) }
  /// Divides.
  public static func / (lhs: Double, rhs: Proxy) -> Proxy { rhs.apply("truediv", after: lhs) }

  /// The remainder, with the sign of the divisor as in Python.
  public static func % (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("mod", rhs) }
  /// Bitwise and.
  public static func & (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("and_", rhs) }
  /// Bitwise or.
  public static func | (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("or_", rhs) }
  /// Bitwise exclusive or.
  public static func ^ (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("xor", rhs) }
  /// Shifts to the left.
  public static func << (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("lshift", rhs) }
  /// Shifts to the right.
  public static func >> (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("rshift", rhs) }

  /// Whether less.
  public static func .< (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("lt", rhs) }
  /// Whether less or equal.
  public static func .<= (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("le", rhs) }
  /// Whether greater.
  public static func .> (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("gt", rhs) }
  /// Whether greater or equal.
  public static func .>= (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("ge", rhs) }
  /// Whether equal.
  public static func .== (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("eq", rhs) }
  /// Whether different.
  public static func .!= (lhs: Proxy, rhs: some NodeArgumentConvertible) -> Proxy { lhs.apply("ne", rhs) }

  /// The negative value.
  public static prefix func - (operand: Proxy) -> Proxy { operand.call("_operator.neg") }
  /// The bits, inverted.
  public static prefix func ~ (operand: Proxy) -> Proxy { operand.call("_operator.invert") }

  /// The product of matrices: Python's `@`.
  public func matmul(_ other: some NodeArgumentConvertible) -> Proxy { apply("matmul", other) }
}
