/// Writes expressions as the constructor calls that build them: sympy's `srepr`, which archives store.
///
/// `2*u0 + 1` gives `Add(Mul(Integer(2), Symbol('u0', integer=True)), Integer(1))`.
struct SreprPrinter {
  var bytes: [UInt8]
  private var order = PrintingOrder()

  init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func print(_ e: SymExpr, _ arena: borrowing ExprArena) {
    if let value = arena.integerValue(of: e) {
      write("Integer(\(value))")
      return
    }
    let record = arena.record(of: e)
    switch record.kind {
    case .constant: write(Self.name(ofConstant: e))
    case .integer: break
    case .float: write("Float('\(ExpressionPrinter.text(of: record.double))', precision=53)")
    case .symbol: printSymbol(SymExpr.Symbol(index: record.lhs), arena)
    case .sum: printCall("Add", order.terms(of: e, arena), arena)
    case .product, .scale: printCall("Mul", factors(of: e, arena), arena)
    case .power: printCall("Pow", arena.operands(of: record), arena)
    case .relation: printCall(record.relation.name, arena.operands(of: record), arena)
    case .and: printCall("And", order.heldArguments(of: record, arena), arena)
    case .or: printCall("Or", order.heldArguments(of: record, arena), arena)
    case .not: printCall("Not", arena.operands(of: record), arena)
    case .unary, .binary, .nary:
      if record.callee == .piecewise { return printPiecewise(arena.operands(of: record), arena) }
      printCall(record.callee.name, order.heldArguments(of: record, arena), arena)
    }
  }

  private mutating func printCall(
    _ name: String, _ arguments: [SymExpr], _ arena: borrowing ExprArena
  ) {
    write(name)
    bytes.append(UInt8(ascii: "("))
    for (position, argument) in arguments.enumerated() {
      if position > 0 { write(", ") }
      print(argument, arena)
    }
    bytes.append(UInt8(ascii: ")"))
  }

  /// Coefficient and factors; sympy splits the sign off a negative coefficient.
  private mutating func factors(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    let term = arena.term(of: e)
    let factors = order.factors(of: term.monomial, arena)
    guard let coefficient = arena.integerValue(of: term.coefficient), coefficient != 1 else {
      return term.coefficient == .one ? factors : [term.coefficient] + factors
    }
    if coefficient < -1, let magnitude = SymExpr(small: Int(clamping: coefficient.magnitude)) {
      return [.minusOne, magnitude] + factors
    }
    return [term.coefficient] + factors
  }

  private mutating func printPiecewise(_ operands: [SymExpr], _ arena: borrowing ExprArena) {
    write("Piecewise(")
    for position in stride(from: 0, to: operands.count - 1, by: 2) {
      if position > 0 { write(", ") }
      printCall("ExprCondPair", [operands[position], operands[position + 1]], arena)
    }
    bytes.append(UInt8(ascii: ")"))
  }

  private mutating func printSymbol(_ symbol: SymExpr.Symbol, _ arena: borrowing ExprArena) {
    write("Symbol('\(arena.name(of: symbol))'")
    let assumptions = arena.assumptions(of: symbol)
    let words: [(SymbolAssumptions, String)] = [
      (.positive, "positive"), (.nonnegative, "nonnegative"), (.negative, "negative"),
      (.nonpositive, "nonpositive"), (.integer, "integer"), (.real, "real"),
    ]
    for (assumption, word) in words where assumptions.contains(assumption) {
      write(", \(word)=True")
    }
    bytes.append(UInt8(ascii: ")"))
  }

  private static func name(ofConstant e: SymExpr) -> String {
    switch e {
    case .true: "true"
    case .false: "false"
    default: ExpressionPrinter.name(ofConstant: e)
    }
  }
}
