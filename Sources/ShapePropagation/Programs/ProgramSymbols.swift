import ExportedPrograms
import SymbolicExpressions
import SymbolicShapes

/// Declares the symbols of an archive with their ranges and hints, and reads its expressions.
struct ProgramSymbols {
  private let program: ExportedProgram
  private let shapes: ShapeEnv

  init(_ program: ExportedProgram, _ shapes: ShapeEnv) {
    self.program = program
    self.shapes = shapes
  }

  /// The archive's expressions by number.
  ///
  /// - Throws: ``PropagationError`` naming the expression that cannot be parsed.
  func declare() throws -> ContiguousArray<SymExpr> {
    declareRanges()
    var expressions: ContiguousArray<SymExpr> = []
    expressions.reserveCapacity(program.expressions.count)
    for id in program.expressions.ids { expressions.append(try read(program.expressions.text(of: id))) }
    for symbol in shapes.symbols { setKind(of: symbol) }
    for (id, expression) in zip(program.expressions.ids, expressions) {
      if let hint = program.expressions.hint(of: id) { shapes.setHint(hint.number, of: expression) }
    }
    try narrowDerived()
    return expressions
  }

  private func read(_ text: String) throws -> SymExpr {
    do {
      if shapes.profile.has(.writesSrepr) { return try shapes.parse(srepr: text) }
      return try shapes.parse(text)
    } catch {
      throw PropagationError(.malformed("the expression '\(text)' cannot be read: \(error)"))
    }
  }

  private func declareRanges() {
    for constraint in program.rangeConstraints {
      guard let kind = SymbolKind(symbolName: constraint.text) else { continue }
      declare(constraint.text, kind, constraint)
    }
  }

  private func declare(_ name: String, _ kind: SymbolKind, _ constraint: RangeConstraint) {
    let range = IntRange(lower: constraint.lower ?? .min, upper: constraint.upper ?? .max)
    switch kind {
    case .backedSize: shapes.createBackedSymbol(name, hint: nil, range: range)
    case .backedNumber: shapes.createBackedFloat(name, hint: nil)
    case .unbackedInt:
      shapes.declare(name, [.integer, .unbacked], kind: kind, range: .int(range), hint: nil)
    case .unbackedFloat:
      shapes.declare(name, [.real, .unbacked], kind: kind, range: .float(.unbounded), hint: nil)
    }
  }

  /// Sets the kind of a symbol that only occurs in expressions and has no declared range.
  private func setKind(of symbol: SymExpr.Symbol) {
    if let kind = SymbolKind(symbolName: shapes.arena.name(of: symbol)) { shapes.setKind(kind, of: symbol) }
  }

  /// Narrows symbols by the ranges of expressions, which come from derived dims; each has one symbol.
  private func narrowDerived() throws {
    for constraint in program.rangeConstraints where SymbolKind(symbolName: constraint.text) == nil {
      let expression: SymExpr
      do { expression = try shapes.parse(constraint.text) } catch {
        throw PropagationError(.malformed("the range of '\(constraint.text)' cannot be read: \(error)"))
      }
      shapes.constrain(expression, IntRange(lower: constraint.lower ?? .min, upper: constraint.upper ?? .max))
    }
  }
}

extension SymbolKind {
  /// The kind of a symbol by its name in PyTorch: `s0`, `u0`, `zf0`, `zuf0`; `nil` for anything else.
  init?(symbolName name: String) {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0 else { return nil }
    switch name.dropLast(digits) {
    case "s": self = .backedSize
    case "u": self = .unbackedInt
    case "zf": self = .backedNumber
    case "zuf": self = .unbackedFloat
    default: return nil
    }
  }
}

extension RecordedExpressions.Hint {
  var number: SymExpr.Number {
    switch self {
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .bool(let value): .bool(value)
    }
  }
}
