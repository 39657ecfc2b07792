// The parts of a record. The last five exist only in records of certain kinds, which interning ensures.

extension ExprArena.Record {
  /// Whether the operands are in the pool.
  var isPooled: Bool {
    switch kind {
    case .sum, .product, .nary, .and, .or: true
    default: false
    }
  }

  var isCall: Bool { kind == .unary || kind == .binary || kind == .nary }

  var operandCount: Int {
    switch kind {
    case .constant, .integer, .float, .symbol: 0
    case .unary, .not: 1
    case .scale, .power, .binary, .relation: 2
    case .sum, .product, .nary, .and, .or: Int(rhs)
    }
  }

  /// The value of an integer literal.
  var integer: Int { Int(Int64(bitPattern: literalBits)) }

  /// The value of a float literal.
  var double: Double { Double(bitPattern: literalBits) }

  private var literalBits: UInt64 { UInt64(lhs) | UInt64(rhs) << 32 }

  /// The exponent of a power.
  var exponent: Int {
    guard let exponent = SymExpr(bits: rhs).small else { preconditionFailure("a power without an exponent") }
    return exponent
  }

  /// The function of a call.
  var callee: SymFunction {
    guard let callee = SymFunction(rawValue: function) else { preconditionFailure("a call of no function") }
    return callee
  }

  /// The kind of a relation.
  var relation: RelationKind {
    guard let kind = RelationKind(rawValue: function) else { preconditionFailure("a relation of no kind") }
    return kind
  }
}
