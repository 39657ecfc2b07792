import EscapedTexts
import SymbolicExpressions

/// Expressions as a list in which each refers to earlier ones by their place, so that what they share is written once.
struct ExpressionPool {
  private var places: [SymExpr: Int] = [:]
  private var entries: [Entry] = []

  private enum Entry {
    case integer(Int)
    case float(Double)
    case symbol(String)
    case operation(String, [Int])
    /// The place of the base, and the exponent.
    case power(Int, Int)
    /// A number that a page cannot hold.
    case unknown
  }

  /// The place of `e`, which is added together with its operands if it is new.
  mutating func place(of e: SymExpr, in arena: borrowing ExprArena) -> Int {
    if let place = places[e] { return place }
    let entry: Entry =
      switch arena.view(of: e) {
      case .integer(let value): .integer(value)
      case .float(let value): value.isFinite ? .float(value) : .unknown
      case .boolean(let value): .integer(value ? 1 : 0)
      case .symbol(let symbol): .symbol(arena.name(of: symbol))
      case .add(let operands): .operation("+", places(of: operands, in: arena))
      case .mul(let operands): .operation("*", places(of: operands, in: arena))
      case .pow(let base, let exponent): .power(place(of: base, in: arena), exponent)
      case .call(let function, let operands): .operation(function.name, places(of: operands, in: arena))
      case .relation(let kind, let a, let b): .operation(Self.name(of: kind), places(of: [a, b], in: arena))
      case .and(let operands): .operation("and", places(of: operands, in: arena))
      case .or(let operands): .operation("or", places(of: operands, in: arena))
      case .not(let operand): .operation("not", places(of: [operand], in: arena))
      case .infinite, .tooLarge: .unknown
      }
    entries.append(entry)
    places[e] = entries.count - 1
    return entries.count - 1
  }

  private mutating func places(of operands: [SymExpr], in arena: borrowing ExprArena) -> [Int] {
    operands.map { place(of: $0, in: arena) }
  }

  private static func name(of kind: RelationKind) -> String {
    switch kind {
    case .eq: "=="
    case .ne: "!="
    case .lt: "<"
    case .le: "<="
    case .gt: ">"
    case .ge: ">="
    }
  }

  /// Writes the list: a number, the name of a symbol, or `[operation, operands…]` for each expression.
  func write(to json: inout JSONWriter) {
    json.beginArray()
    for entry in entries {
      switch entry {
      case .integer(let value): json.int(value)
      case .float(let value): json.double(value)
      case .symbol(let name): json.string(name)
      case .operation(let name, let operands): json.operation(name, operands)
      case .power(let base, let exponent): json.operation("^", [base, exponent])
      case .unknown: json.operation("unknown", [])
      }
    }
    json.endArray()
  }
}

extension JSONWriter {
  fileprivate mutating func operation(_ name: String, _ operands: [Int]) {
    beginArray()
    string(name)
    for operand in operands { int(operand) }
    endArray()
  }
}
