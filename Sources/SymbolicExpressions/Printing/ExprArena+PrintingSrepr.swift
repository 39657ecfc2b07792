extension ExprArena {
  /// The constructor calls that make `e`, as sympy's `srepr` writes them and archives store them.
  ///
  /// `2*u0 + 1` gives `Add(Mul(Integer(2), Symbol('u0', integer=True)), Integer(1))`.
  public func srepr(of e: SymExpr) -> String {
    var buffer: [UInt8] = []
    writeSrepr(e, into: &buffer)
    return String(decoding: buffer, as: UTF8.self)
  }

  /// Appends the UTF-8 bytes of ``srepr(of:)``.
  public func writeSrepr(_ e: SymExpr, into buffer: inout [UInt8]) {
    func write(_ text: String) { buffer.append(contentsOf: text.utf8) }
    if let value = integerValue(of: e) {
      write("Integer(\(value))")
      return
    }
    let record = records[e.index]
    switch record.kind {
    case .constant: write(sreprName(ofConstant: e))
    case .integer: break
    case .float: write("Float('\(TextPrinter.text(of: doubleValue(of: e) ?? .nan))', precision=53)")
    case .symbol: writeSreprSymbol(Int(record.lhs), into: &buffer)
    case .sum: writeSreprCall("Add", printedTerms(e), into: &buffer)
    case .product, .scale: writeSreprCall("Mul", sreprFactors(e), into: &buffer)
    case .power: writeSreprCall("Pow", operands(of: record), into: &buffer)
    case .relation:
      writeSreprCall(RelationKind(rawValue: record.function)?.name ?? "", operands(of: record), into: &buffer)
    case .and: writeSreprCall("And", printedOperands(operands(of: record)), into: &buffer)
    case .or: writeSreprCall("Or", printedOperands(operands(of: record)), into: &buffer)
    case .not: writeSreprCall("Not", operands(of: record), into: &buffer)
    case .unary, .binary, .nary:
      guard let function = SymFunction(rawValue: record.function) else { return }
      if function == .piecewise { return writeSreprPiecewise(operands(of: record), into: &buffer) }
      let arguments = function.isExtremum ? printedOperands(operands(of: record)) : operands(of: record)
      writeSreprCall(function.name, arguments, into: &buffer)
    }
  }

  private func writeSreprCall(_ name: String, _ arguments: [SymExpr], into buffer: inout [UInt8]) {
    buffer.append(contentsOf: name.utf8)
    buffer.append(UInt8(ascii: "("))
    for (position, argument) in arguments.enumerated() {
      if position > 0 { buffer.append(contentsOf: ", ".utf8) }
      writeSrepr(argument, into: &buffer)
    }
    buffer.append(UInt8(ascii: ")"))
  }

  /// Coefficient and factors; sympy splits the sign off a negative coefficient.
  private func sreprFactors(_ e: SymExpr) -> [SymExpr] {
    let term = term(of: e)
    let factors = printedFactors(term.monomial)
    guard let coefficient = integerValue(of: term.coefficient), coefficient != 1 else {
      return term.coefficient == .one ? factors : [term.coefficient] + factors
    }
    if coefficient < -1, let magnitude = SymExpr(small: Int(clamping: coefficient.magnitude)) {
      return [.minusOne, magnitude] + factors
    }
    return [term.coefficient] + factors
  }

  private func writeSreprPiecewise(_ operands: [SymExpr], into buffer: inout [UInt8]) {
    buffer.append(contentsOf: "Piecewise(".utf8)
    for position in stride(from: 0, to: operands.count - 1, by: 2) {
      if position > 0 { buffer.append(contentsOf: ", ".utf8) }
      writeSreprCall("ExprCondPair", [operands[position], operands[position + 1]], into: &buffer)
    }
    buffer.append(UInt8(ascii: ")"))
  }

  private func writeSreprSymbol(_ index: Int, into buffer: inout [UInt8]) {
    buffer.append(contentsOf: "Symbol('\(symbols.names[index])'".utf8)
    let assumptions = symbols.assumptions[index]
    let words: [(SymbolAssumptions, String)] = [
      (.positive, "positive"), (.nonnegative, "nonnegative"), (.negative, "negative"),
      (.nonpositive, "nonpositive"), (.integer, "integer"), (.real, "real"),
    ]
    for (assumption, word) in words where assumptions.contains(assumption) {
      buffer.append(contentsOf: ", \(word)=True".utf8)
    }
    buffer.append(UInt8(ascii: ")"))
  }

  private func sreprName(ofConstant e: SymExpr) -> String {
    switch e {
    case .true: "true"
    case .false: "false"
    default: TextPrinter.name(ofConstant: e)
    }
  }
}
