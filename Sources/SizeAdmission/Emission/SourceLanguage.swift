import EscapedTexts

/// A language in which a check can be written.
public enum SourceLanguage: String, CaseIterable, Sendable {
  case python, c, swift

  /// A one-line comment with `text`.
  func comment(_ text: String) -> String { (self == .python ? "# " : "// ") + Escaped.comment(text) }

  /// A string literal for `text`.
  func quoted(_ text: String) -> String {
    switch self {
    case .python: Escaped.python(text)
    case .c: Escaped.c(text)
    case .swift: Escaped.swift(text)
    }
  }
}

/// How a language writes the steps of a ``RegisterProgram``.
///
/// In a template, `$a`, `$b` and `$c` stand for the operands. Integer arithmetic in C and Swift is checked: the helper
/// functions record an overflow or a division by zero, and the sizes are then refused.
struct StepTemplates {
  let steps: [Instruction.Code: String]
  /// The templates of calls, by function name.
  let calls: [String: String]

  init(_ language: SourceLanguage) {
    switch language {
    case .python: (steps, calls) = (Self.pythonSteps, Self.pythonCalls)
    case .c: (steps, calls) = (Self.shared.merging(Self.cSteps) { $1 }, Self.cCalls)
    case .swift: (steps, calls) = (Self.shared.merging(Self.swiftSteps) { $1 }, Self.swiftCalls)
    }
  }

  private static let relations: [Instruction.Code: String] = [
    .equal: "($a == $b)", .unequal: "($a != $b)", .less: "($a < $b)", .lessOrEqual: "($a <= $b)",
    .equalFloats: "($a == $b)", .unequalFloats: "($a != $b)", .lessFloats: "($a < $b)",
    .lessOrEqualFloats: "($a <= $b)", .addFloats: "($a + $b)", .multiplyFloats: "($a * $b)",
    .bitAnd: "($a & $b)", .bitOr: "($a | $b)", .bitXor: "($a ^ $b)",
  ]

  private static let pythonSteps = relations.merging([
    .add: "($a + $b)", .multiply: "($a * $b)", .floorDivide: "($a // $b)", .remainder: "($a % $b)",
    .minimum: "min($a, $b)", .maximum: "max($a, $b)", .magnitude: "abs($a)", .power: "_power($a, $b)",
    .shiftLeft: "($a * _power(2, $b))", .shiftRight: "($a >> $b)", .toFloat: "float($a)",
    .divideFloats: "($a / $b)",
    .divideIntegers: "($a / $b)", .truncate: "math.trunc($a)", .roundDown: "math.floor($a)",
    .roundUp: "math.ceil($a)", .roundHalfToEven: "round($a)", .and: "($a and $b)", .or: "($a or $b)",
    .not: "(not $a)", .select: "($a if $c else $b)",
  ]) { $1 }

  private static let pythonCalls = [
    "FloatPow": "($a ** $b)", "RoundDecimal": "round($a, $b)", "TruncToFloat": "float(math.trunc($a))",
    "ModularIndexing": "(($a // $b) % $c)", "OpaqueUnaryFn_sqrt": "math.sqrt($a)",
    "OpaqueUnaryFn_log2": "math.log2($a)", "OpaqueUnaryFn_log": "math.log($a)",
    "OpaqueUnaryFn_exp": "math.exp($a)", "OpaqueUnaryFn_cos": "math.cos($a)",
    "OpaqueUnaryFn_sin": "math.sin($a)", "OpaqueUnaryFn_tan": "math.tan($a)", "Abs": "abs($a)",
  ]

  /// The templates that C and Swift share.
  private static let shared = relations.merging([
    .and: "($a && $b)", .or: "($a || $b)", .not: "(!$a)", .select: "($c ? $a : $b)",
  ]) { $1 }

  private static let cSteps: [Instruction.Code: String] = [
    .add: "fx_add($a, $b, &bad)", .multiply: "fx_mul($a, $b, &bad)",
    .floorDivide: "fx_floordiv($a, $b, &bad)", .remainder: "fx_mod($a, $b, &bad)",
    .minimum: "fx_min($a, $b)", .maximum: "fx_max($a, $b)", .magnitude: "fx_abs($a, &bad)",
    .power: "fx_pow($a, $b, &bad)", .shiftLeft: "fx_mul($a, fx_pow(2, $b, &bad), &bad)",
    .shiftRight: "fx_shr($a, $b, &bad)", .toFloat: "((double)$a)",
    .divideFloats: "fx_div($a, $b, &bad)", .divideIntegers: "fx_div((double)$a, (double)$b, &bad)",
    .truncate: "fx_int(trunc($a), &bad)", .roundDown: "fx_int(floor($a), &bad)",
    .roundUp: "fx_int(ceil($a), &bad)", .roundHalfToEven: "fx_int(rint($a), &bad)",
  ]

  private static let cCalls = [
    "OpaqueUnaryFn_sqrt": "fx_real(sqrt($a), &bad)", "OpaqueUnaryFn_log2": "fx_real(log2($a), &bad)",
    "FloatPow": "fx_real(pow($a, $b), &bad)", "TruncToFloat": "trunc($a)",
    "ModularIndexing": "fx_mod(fx_floordiv($a, $b, &bad), $c, &bad)",
  ]

  private static let swiftSteps: [Instruction.Code: String] = [
    .add: "add($a, $b)", .multiply: "multiply($a, $b)", .floorDivide: "floorDivide($a, $b)",
    .remainder: "remainder($a, $b)", .minimum: "min($a, $b)", .maximum: "max($a, $b)",
    .magnitude: "magnitude($a)", .power: "power($a, $b)", .shiftLeft: "multiply($a, power(2, $b))",
    .shiftRight: "shiftRight($a, $b)", .toFloat: "Double($a)", .divideFloats: "divide($a, $b)",
    .divideIntegers: "divide(Double($a), Double($b))", .truncate: "integer($a, .towardZero)",
    .roundDown: "integer($a, .down)", .roundUp: "integer($a, .up)",
    .roundHalfToEven: "integer($a, .toNearestOrEven)",
  ]

  private static let swiftCalls = [
    "OpaqueUnaryFn_sqrt": "real($a.squareRoot())", "TruncToFloat": "$a.rounded(.towardZero)",
    "ModularIndexing": "remainder(floorDivide($a, $b), $c)",
  ]
}
