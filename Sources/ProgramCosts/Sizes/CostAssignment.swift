import ShapePropagation
public import SymbolicExpressions
public import SymbolicShapes

/// Values of a program's symbols, at which its costs are evaluated.
public struct CostAssignment: Sendable {
  /// The value of a formula at given sizes.
  public enum Value: Equatable, Sendable {
    case known(Int)
    /// A symbol has no value.
    case open
    /// The value does not fit 64 bits.
    case tooLarge
    /// A division by zero or a similar error.
    case undefined

    /// The number, if it is known.
    public var number: Int? { if case .known(let value) = self { value } else { nil } }
  }

  private var values: [SymExpr.Symbol: Int] = [:]

  /// An assignment without values.
  public init() {}

  /// The value given to `symbol`.
  public subscript(symbol: SymExpr.Symbol) -> Int? { values[symbol] }

  /// The symbols with their values, in the order of the symbols.
  public var entries: [(symbol: SymExpr.Symbol, value: Int)] {
    values.sorted { $0.key.index < $1.key.index }.map { ($0.key, $0.value) }
  }

  /// Whether no symbol has a value.
  public var isEmpty: Bool { values.isEmpty }

  /// Gives symbols values by name.
  ///
  /// - Throws: ``CostError`` for a name that the program does not have, a value outside the symbol's range, or two
  ///   symbols that are equal and get different values.
  public init(_ given: [(name: String, value: Int)], in shapes: ShapeEnv) throws(CostError) {
    for (name, value) in given {
      guard let size = shapes.symbol(named: name), let expression = size.symbolicExpression,
        let symbol = shapes.arena.asSymbol(expression)
      else {
        throw .unknownSymbol(name, known: shapes.symbols.map { shapes.arena.name(of: $0) })
      }
      if let other = values[symbol], other != value { throw .givenTwice(name) }
      if case .int(let range)? = shapes.range(of: symbol), !range.contains(value) {
        throw .outOfRange(name, value: value, range: ShapeEnv.text(of: range))
      }
      values[symbol] = value
    }
    try settle(shapes)
  }

  /// Gives a symbol that is another name of one with a value the same value, and checks those that have both.
  private mutating func settle(_ shapes: ShapeEnv) throws(CostError) {
    for (symbol, target) in shapes.replacements {
      if let own = values[symbol] {
        if let known = shapes.arena.asSymbol(target), values[known] == nil { values[known] = own }
        guard case .known(let implied) = value(of: shapes.symInt(target), shapes), implied != own else {
          continue
        }
        throw .contradiction(
          shapes.arena.name(of: symbol), value: own, other: shapes.text(of: target), otherValue: implied)
      } else if case .known(let implied) = value(of: shapes.symInt(target), shapes) {
        values[symbol] = implied
      }
    }
  }

  /// Sets a value without looking at ranges.
  mutating func set(_ symbol: SymExpr.Symbol, to value: Int) { values[symbol] = value }

  /// The value of `size` at these values.
  public func value(of size: SymInt, _ shapes: ShapeEnv) -> Value {
    var shared = SharedValues()
    return value(of: size, sharing: &shared, shapes)
  }

  /// The value of `size`, which is one of several that have parts in common.
  func value(of size: SymInt, sharing shared: inout SharedValues, _ shapes: ShapeEnv) -> Value {
    if let constant = size.constant { return .known(constant) }
    if size == .tooLarge { return .tooLarge }
    let expression = shapes.resolve(shapes.expression(size))
    for symbol in shapes.arena.freeSymbols(of: expression) where values[symbol] == nil { return .open }
    switch shapes.arena.evaluate(expression, sharing: &shared, { values[$0].map { .int($0) } }) {
    case .int(let value)?: return .known(value)
    case .float, .bool: return .undefined
    case nil: return shapes.arena.atoms(of: expression, calling: .floorDiv).isEmpty ? .tooLarge : .undefined
    }
  }

  /// `size` with the values substituted.
  public func substituted(_ size: SymInt, _ shapes: ShapeEnv) -> SymInt {
    guard size.symbolicExpression != nil, !values.isEmpty else { return size }
    let expression = shapes.resolve(shapes.expression(size))
    var literals: [SymExpr.Symbol: SymExpr] = [:]
    for symbol in shapes.arena.freeSymbols(of: expression) {
      literals[symbol] = values[symbol].map { shapes.arena.integer($0) }
    }
    return shapes.symInt(shapes.arena.substitute(expression) { literals[$0] })
  }
}

/// Why sizes are rejected.
public enum CostError: Error, Equatable, Sendable {
  /// The text is not of the form `SYMBOL=NUMBER`.
  case malformed(String)
  /// The program does not have the symbol; it has these.
  case unknownSymbol(String, known: [String])
  /// A symbol is given two values.
  case givenTwice(String)
  /// The value is not in the symbol's range.
  case outOfRange(String, value: Int, range: String)
  /// Two names of one size have different values.
  case contradiction(String, value: Int, other: String, otherValue: Int)
}

extension CostError: CustomStringConvertible {
  /// What is wrong, and what is expected.
  public var description: String {
    switch self {
    case .malformed(let text): "'\(text)' is not of the form SYMBOL=NUMBER, such as s0=8"
    case .unknownSymbol(let name, let known):
      known.isEmpty
        ? "there is no symbol '\(name)': the program has none"
        : "there is no symbol '\(name)': the program has \(known.joined(separator: ", "))"
    case .givenTwice(let name): "symbol '\(name)' is given twice"
    case .outOfRange(let name, let value, let range): "\(name)=\(value) is outside its range, \(range)"
    case .contradiction(let name, let value, let other, let otherValue):
      "\(name)=\(value) contradicts \(name) = \(other), which is \(otherValue)"
    }
  }
}

extension CostAssignment {
  /// Reads `s0=8`.
  public static func parse(_ text: String) throws(CostError) -> (name: String, value: Int) {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty, let value = Int(sides[1]) else { throw .malformed(text) }
    return (String(sides[0]), value)
  }

  /// `given`, and for every other symbol its example; without one, 8 or the value in its range nearest to 8.
  init(completing given: CostAssignment, _ shapes: ShapeEnv) {
    self = given
    for symbol in shapes.symbols where values[symbol] == nil && !shapes.isReplaced(symbol) {
      guard case .int(let range)? = shapes.range(of: symbol), !range.isEmpty else { continue }
      if case .int(let hint)? = shapes.hint(of: symbol) {
        values[symbol] = hint
      } else {
        values[symbol] = Swift.min(Swift.max(8, range.lower), range.upper)
      }
    }
  }

  /// Values within the ranges that differ from symbol to symbol; the first sample has the least ones.
  init(sample number: Int, _ shapes: ShapeEnv) {
    for (position, symbol) in shapes.symbols.enumerated() where !shapes.isReplaced(symbol) {
      guard case .int(let range)? = shapes.range(of: symbol), !range.isEmpty else { continue }
      let least = Swift.max(range.lower, 0)
      let offset = number == 0 ? 0 : number * 7919 % 11 + position * 6151 * number % 997
      let (value, overflow) = least.addingReportingOverflow(offset)
      values[symbol] = overflow ? least : Swift.max(least, Swift.min(value, range.upper))
    }
  }
}
