import ExportedPrograms
import FX
import SymbolicExpressions
import SymbolicShapes

/// Declares the symbols of an archive with their ranges and hints, and reads its expressions.
struct ProgramSymbols {
  private let recorded: RecordedExpressions
  private let syntax: RecordedExpressions.Syntax
  private let ranges: [RangeConstraint]
  private let shapes: ShapeEnv
  /// The names in the sizes of input tensors; empty where the expressions say what is assumed of a symbol.
  private let namesInSizes: Set<Substring>

  /// Inlined, because a call would copy the whole program.
  @inline(__always)
  init(_ program: ExportedProgram, _ shapes: ShapeEnv) {
    recorded = program.expressions
    syntax = program.expressionSyntax
    ranges = program.rangeConstraints
    self.shapes = shapes
    namesInSizes = syntax == .infix ? Self.namesInSizes(of: program) : []
  }

  private static func namesInSizes(of program: ExportedProgram) -> Set<Substring> {
    let graph = program.graphModule.graph
    var names: Set<Substring> = []
    for node in graph.nodes where graph.op(of: node) == .placeholder {
      program.recordedValues[""]?.value(of: node, in: graph)?.forEachSize { size in
        guard let id = size.expression else { return }
        names.formUnion(
          program.expressions.text(of: id).split { !$0.isLetter && !$0.isNumber && $0 != "_" })
      }
    }
    return names
  }

  /// The archive's expressions by number.
  ///
  /// - Throws: ``PropagationError`` naming the expression that cannot be parsed.
  func declare() throws -> ContiguousArray<SymExpr> {
    declareRanges()
    let declared = shapes.arena.symbolCount
    var expressions: ContiguousArray<SymExpr> = []
    expressions.reserveCapacity(recorded.count)
    for id in recorded.ids { expressions.append(try read(recorded.text(of: id))) }
    for index in 0..<shapes.arena.symbolCount {
      let symbol = SymExpr.Symbol(index: UInt32(truncatingIfNeeded: index))
      if index >= declared {
        setKind(of: symbol)
      } else if shapes.arena.assumptions(of: symbol).isEmpty {
        assumeByRange(symbol)
      }
    }
    for (id, expression) in zip(recorded.ids, expressions) {
      if let hint = recorded.hint(of: id) { try setHint(hint, of: expression) }
    }
    try narrowDerived()
    return expressions
  }

  private func read(_ text: String) throws -> SymExpr {
    do throws(ExpressionParseError) {
      switch syntax {
      case .srepr: return try shapes.parse(srepr: text)
      case .infix: return try shapes.parse(text)
      }
    } catch {
      throw PropagationError(
        .malformed("the expression '\(error.excerpt(of: text))' cannot be read: \(error)"))
    }
  }

  /// - Throws: an error if the example value of an input size lies outside its declared range, as in PyTorch.
  private func setHint(_ hint: RecordedExpressions.Hint, of expression: SymExpr) throws {
    if case .int(let value) = hint, let symbol = shapes.arena.asSymbol(expression),
      !shapes.arena.hasUnbacked(expression), case .int(let range)? = shapes.range(of: symbol),
      !range.contains(value)
    {
      let (name, text) = (shapes.arena.name(of: symbol), ShapeEnv.text(of: range))
      throw PropagationError(
        .malformed("the example value \(value) of '\(name)' is outside of its range \(text)"))
    }
    shapes.setHint(hint.number, of: expression)
  }

  private func declareRanges() {
    for constraint in ranges {
      guard let kind = SymbolKind(symbolName: constraint.text) else { continue }
      declare(constraint.text, kind, constraint)
    }
  }

  private func declare(_ name: String, _ kind: SymbolKind, _ constraint: RangeConstraint) {
    let range = IntRange(lower: constraint.lower ?? .min, upper: constraint.upper ?? .max)
    switch kind {
    case .backedSize:
      shapes.declare(name, assumptions(of: name), kind: kind, range: .int(range), hint: nil)
    case .backedNumber: shapes.createBackedFloat(name, hint: nil)
    case .unbackedInt:
      shapes.declare(name, [.integer, .unbacked], kind: kind, range: .int(range), hint: nil)
    case .unbackedFloat:
      shapes.declare(name, [.real, .unbacked], kind: kind, range: .float(.unbounded), hint: nil)
    }
  }

  /// What is assumed of an integer of the inputs before the expressions are read.
  ///
  /// SymPy's form says it with each symbol: sizes are positive, numbers that the author passed may be anything. The
  /// other form does not, so that only sizes are taken for positive.
  private func assumptions(of name: String) -> SymbolAssumptions {
    switch syntax {
    case .srepr: []
    case .infix: namesInSizes.contains(name[...]) ? [.integer, .positive] : .integer
    }
  }

  /// Assumes what follows from the range of a symbol that no expression has.
  private func assumeByRange(_ symbol: SymExpr.Symbol) {
    guard case .int(let range)? = shapes.range(of: symbol) else { return }
    _ = shapes.arena.symbol(
      shapes.arena.name(of: symbol), range.lower > 0 ? [.integer, .positive] : .integer)
  }

  /// Sets the kind of a symbol that only occurs in expressions and has no declared range.
  private func setKind(of symbol: SymExpr.Symbol) {
    if let kind = SymbolKind(symbolName: shapes.arena.name(of: symbol)) { shapes.setKind(kind, of: symbol) }
  }

  /// Narrows symbols by the ranges of expressions, which come from derived dims; each has one symbol.
  private func narrowDerived() throws {
    for constraint in ranges where SymbolKind(symbolName: constraint.text) == nil {
      let expression: SymExpr
      do throws(ExpressionParseError) { expression = try shapes.parse(constraint.text) } catch {
        let text = error.excerpt(of: constraint.text)
        throw PropagationError(.malformed("the range of '\(text)' cannot be read: \(error)"))
      }
      shapes.constrain(expression, IntRange(lower: constraint.lower ?? .min, upper: constraint.upper ?? .max))
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
