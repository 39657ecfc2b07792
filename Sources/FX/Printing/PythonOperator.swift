/// How Python writes a function of its `operator` module: `{} + {}` for `add`.
struct PythonOperator {
  private let pieces: [Substring]

  private init(_ template: String) {
    pieces = template.split(separator: "{}", omittingEmptySubsequences: false)
  }

  /// The number of operands of the form.
  var operandCount: Int { pieces.count - 1 }

  /// The form with these operands.
  func text(_ operands: [String]) -> String {
    zip(pieces, operands + [""]).map { $0 + $1 }.joined()
  }

  /// The form of a function that returns a value.
  static func expression(_ name: String) -> PythonOperator? { expressions[name].map(PythonOperator.init) }

  /// The form of a function that changes its first operand.
  static func statement(_ name: String) -> PythonOperator? { statements[name].map(PythonOperator.init) }

  private static let expressions: [String: String] = [
    "add": "{} + {}", "and_": "{} & {}", "div": "{} / {}", "eq": "{} == {}", "floordiv": "{} // {}",
    "ge": "{} >= {}", "getitem": "{}[{}]", "gt": "{} > {}", "invert": "~{}", "le": "{} <= {}",
    "lshift": "{} << {}", "lt": "{} < {}", "matmul": "{} @ {}", "mod": "{} % {}", "mul": "{} * {}",
    "ne": "{} != {}", "neg": "-{}", "or_": "{} | {}", "pos": "+{}", "pow": "{} ** {}",
    "rshift": "{} >> {}", "sub": "{} - {}", "truediv": "{} / {}", "xor": "{} ^ {}",
  ]

  private static let statements: [String: String] = [
    "iadd": "{} += {}", "iand": "{} &= {}", "ifloordiv": "{} //= {}", "ilshift": "{} <<= {}",
    "imatmul": "{} @= {}", "imod": "{} %= {}", "imul": "{} *= {}", "ior": "{} |= {}", "ipow": "{} **= {}",
    "irshift": "{} >>= {}", "isub": "{} -= {}", "itruediv": "{} /= {}", "ixor": "{} ^= {}",
    "setitem": "{}[{}] = {}",
  ]
}
