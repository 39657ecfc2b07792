/// sympy's precedences.
///
/// An operand gets parentheses unless it binds tighter than the operator around it.
enum Precedence {
  static let identity = 10
  static let or = 20
  static let and = 30
  static let relational = 35
  /// `Eq(a, b)` is printed like a call.
  static let equality = 50
  /// PyTorch's precedence of `FloorDiv`, `Mod` and others: below that of a sum, so they get parentheses inside one.
  static let torchFunction = 35
  static let bitwiseOr = 36
  static let bitwiseXor = 37
  static let bitwiseAnd = 38
  static let add = 40
  static let mul = 50
  static let pow = 60
  static let function = 70
  static let not = 100
  static let atom = 1000
}

/// Writes expressions as sympy's `StrPrinter` does: `2*u0`, `(s0//4)`, `Max(1, u0)`, `Eq(u0, s0)`, `u0 >= 0`.
struct ExpressionPrinter {
  var bytes: [UInt8]
  private var order = PrintingOrder()
  /// The position at which a text becomes too long.
  private var end = ExpressionPrinter.maxLength

  /// The maximum length of a text in bytes; a longer one breaks off with `…`.
  ///
  /// Shared parts are written once for each use, so the text of a small expression can be exponentially long.
  static let maxLength = 1 << 16

  /// Starts with nothing written.
  init() { bytes = [] }

  /// Appends the text of `e` to `buffer`.
  static func write(_ e: SymExpr, into buffer: inout [UInt8], _ arena: borrowing ExprArena) {
    var printer = ExpressionPrinter()
    swap(&printer.bytes, &buffer)
    printer.end = printer.bytes.count + maxLength
    printer.print(e, arena)
    swap(&printer.bytes, &buffer)
  }

  mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func print(_ e: SymExpr, _ arena: borrowing ExprArena) {
    if bytes.count >= end {
      if !bytes.suffix(3).elementsEqual("…".utf8) { write("…") }
      return
    }
    if let value = arena.integerValue(of: e) {
      write(String(value))
      return
    }
    let record = arena.record(of: e)
    switch record.kind {
    case .constant: write(Self.name(ofConstant: e))
    case .integer: break
    case .float: write(Self.text(of: record.double))
    case .symbol: write(arena.name(of: SymExpr.Symbol(index: record.lhs)))
    case .sum: printSum(e, arena)
    case .product, .scale: printProduct(e, arena)
    case .power:
      print(SymExpr(bits: record.lhs), within: Precedence.pow, arena)
      write("**")
      print(SymExpr(bits: record.rhs), within: Precedence.pow, arena)
    case .unary, .binary, .nary: printCall(record, arena)
    case .relation: printRelation(record, arena)
    case .and: join(order.heldArguments(of: record, arena), " & ", Precedence.bitwiseAnd, arena)
    case .or: join(order.heldArguments(of: record, arena), " | ", Precedence.bitwiseOr, arena)
    case .not:
      write("~")
      print(SymExpr(bits: record.lhs), within: Precedence.not, arena)
    }
  }

  /// Prints an operand, in parentheses unless it binds tighter than `level`.
  private mutating func print(_ e: SymExpr, within level: Int, _ arena: borrowing ExprArena) {
    let needsParentheses = Self.precedence(of: e, arena) <= level
    if needsParentheses { write("(") }
    print(e, arena)
    if needsParentheses { write(")") }
  }

  private mutating func join(
    _ operands: [SymExpr], _ separator: String, _ level: Int, _ arena: borrowing ExprArena
  ) {
    for (position, operand) in operands.enumerated() {
      if position > 0 { write(separator) }
      print(operand, within: level, arena)
    }
  }

  private mutating func printSum(_ e: SymExpr, _ arena: borrowing ExprArena) {
    for (position, term) in order.terms(of: e, arena).enumerated() {
      let start = bytes.count
      let needsParentheses = Self.precedence(of: term, arena) < Precedence.add
      if needsParentheses { write("(") }
      print(term, arena)
      if needsParentheses { write(")") }
      guard position > 0, start < bytes.count else { continue }
      if bytes[start] == UInt8(ascii: "-") {
        bytes.replaceSubrange(start...start, with: " - ".utf8)
      } else {
        bytes.insert(contentsOf: " + ".utf8, at: start)
      }
    }
  }

  private mutating func printProduct(_ e: SymExpr, _ arena: borrowing ExprArena) {
    let term = arena.term(of: e)
    if term.coefficient == .minusOne {
      write("-")
    } else if term.coefficient != .one {
      print(term.coefficient, arena)
      write("*")
    }
    join(order.factors(of: term.monomial, arena), "*", Precedence.mul, arena)
  }

  private mutating func printRelation(_ record: ExprArena.Record, _ arena: borrowing ExprArena) {
    let kind = record.relation
    let (lhs, rhs) = (SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
    if kind.isInequality {
      print(lhs, within: Precedence.relational, arena)
      write(" \(kind.symbol) ")
      print(rhs, within: Precedence.relational, arena)
    } else {
      write(kind == .eq ? "Eq(" : "Ne(")
      print(lhs, arena)
      write(", ")
      print(rhs, arena)
      write(")")
    }
  }

  private mutating func printCall(_ record: ExprArena.Record, _ arena: borrowing ExprArena) {
    let function = record.callee
    var operands = arena.operands(of: record)
    switch function {
    case .floorDiv, .cleanDiv:
      write("(")
      print(operands[0], within: Precedence.atom - 1, arena)
      write("//")
      print(operands[1], within: Precedence.atom - 1, arena)
      write(")")
      return
    case .identity:
      write("(")
      print(operands[0], arena)
      write(")")
      return
    case .pow:
      print(operands[0], within: Precedence.pow, arena)
      write("**")
      print(operands[1], within: Precedence.pow, arena)
      return
    case .piecewise: return printPiecewise(operands, arena)
    case .max, .min: operands = order.sorted(operands, arena)
    default: break
    }
    write(function.name)
    write("(")
    join(operands, ", ", 0, arena)
    write(")")
  }

  private mutating func printPiecewise(_ operands: [SymExpr], _ arena: borrowing ExprArena) {
    write("Piecewise(")
    for position in stride(from: 0, to: operands.count - 1, by: 2) {
      write(position == 0 ? "(" : ", (")
      join([operands[position], operands[position + 1]], ", ", 0, arena)
      write(")")
    }
    write(")")
  }
}

extension ExpressionPrinter {
  static func name(ofConstant e: SymExpr) -> String {
    switch e {
    case .true: "True"
    case .false: "False"
    case .intInfinity: "int_oo"
    case .negativeIntInfinity: "-int_oo"
    case .infinity: "oo"
    case .negativeInfinity: "-oo"
    case .nan: "nan"
    default: "too_large"
    }
  }

  /// Python's `repr` of a float: the shortest digits that parse to the same value.
  static func text(of value: Double) -> String { value.description }

  static func precedence(of e: SymExpr, _ arena: borrowing ExprArena) -> Int {
    if e.small == nil, arena.record(of: e).kind == .constant {
      return e == .negativeIntInfinity || e == .negativeInfinity ? Precedence.add : Precedence.atom
    }
    if arena.isLiteral(e) { return arena.isNegative(e) ? Precedence.add : Precedence.atom }
    let record = arena.record(of: e)
    switch record.kind {
    case .constant, .integer, .float, .symbol: return Precedence.atom
    case .sum: return Precedence.add
    case .scale: return arena.isNegative(SymExpr(bits: record.lhs)) ? Precedence.add : Precedence.mul
    case .product: return Precedence.mul
    case .power: return Precedence.pow
    case .relation:
      return record.relation.isInequality ? Precedence.relational : Precedence.equality
    case .and: return Precedence.and
    case .or: return Precedence.or
    case .not: return Precedence.not
    case .unary, .binary, .nary:
      return precedence(of: record.callee)
    }
  }

  private static func precedence(of function: SymFunction) -> Int {
    switch function {
    case .floorDiv, .cleanDiv, .mod, .pythonMod, .modularIndexing, .where, .floatTrueDiv, .intTrueDiv:
      Precedence.torchFunction
    case .identity: Precedence.identity
    case .powByNatural: Precedence.mul
    case .floatPow, .pow: Precedence.pow
    case .bitwiseAnd: Precedence.bitwiseAnd
    case .bitwiseOr: Precedence.bitwiseOr
    case .bitwiseXor: Precedence.bitwiseXor
    case .max, .min: Precedence.atom
    default: Precedence.function
    }
  }
}
