/// A call that is about to be built: the function and its operands, in normal form.
struct CallForm {
  var function: SymFunction
  var a: SymExpr
  var b: SymExpr = .zero
  var c: SymExpr = .zero
}

/// A law: rewrites a call to something simpler, or returns nil if it does not apply.
///
/// Laws reproduce what PyTorch 2.13 does when it constructs the function (`torch/utils/_sympy/functions.py`). Where the
/// normal form has a factor that sympy's lacks, the same law applies more often. Laws are tried in order, and the first
/// that applies wins.
struct RewriteRule: Sendable {
  /// The law as a formula; also its name.
  let law: String
  let rewrite: @Sendable (inout ExprArena, CallForm) -> SymExpr?

  init(_ law: String, _ rewrite: @escaping @Sendable (inout ExprArena, CallForm) -> SymExpr?) {
    self.law = law
    self.rewrite = rewrite
  }

  /// The laws of one function.
  static func rules(of function: SymFunction) -> [RewriteRule] {
    switch function {
    case .floorDiv: floorDiv
    case .cleanDiv: floorDiv
    case .ceilDiv: ceilDiv
    case .mod: mod
    case .pythonMod: pythonMod
    case .modularIndexing: modularIndexing
    case .where: choice
    case .lShift, .rShift: shifts
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor: bitwise
    case .powByNatural: powByNatural
    case .floatPow, .floatTrueDiv, .intTrueDiv, .roundDecimal: floatArithmetic
    case .toFloat, .truncToFloat, .truncToInt, .ceilToInt, .floorToInt, .roundToInt: conversions
    case .abs, .floor, .ceiling: rounding
    case _ where function.isOpaqueUnary: opaqueUnary
    default: []
    }
  }

  /// All laws, each with a function it belongs to.
  static let all: [(function: SymFunction, rule: RewriteRule)] = SymFunction.allCases.flatMap { function in
    rules(of: function).map { (function, $0) }
  }
}
