import SymbolicExpressions
import SymbolicShapes

/// The conditions that may settle an open question, the one that the survey assumed first.
///
/// Both outcomes are offered. A condition that excludes a bound of a symbol's range becomes a tighter bound: `u0 >= 2`
/// says more than `u0 != 1`. Where a quotient or a remainder decides, that it comes out even is offered, too.
struct FixCandidates {
  private(set) var conditions: [SymExpr] = []
  private let shapes: ShapeEnv

  /// The maximum number of candidates.
  private static let most = 4

  init(for question: OpenQuestion, in shapes: ShapeEnv) {
    self.shapes = shapes
    let form = shapes.simplify(question.expression)
    switch question.answer {
    case .truth(let truth):
      let (holds, fails) = (alternatives(form), alternatives(shapes.arena.not(form)))
      conditions = (truth ? holds + fails : fails + holds) + divisibility(in: [question.expression, form])
    case .integer(let value): conditions = numbers(form, value)
    }
    var seen: Set<SymExpr> = []
    conditions = conditions.filter { seen.insert($0).inserted && isPossible($0) }
    conditions = Array(conditions.prefix(Self.most))
  }

  /// For each quotient and remainder, that the division comes out even: for `Eq(8*(n//8), n)`, that 8 divides `n`.
  private func divisibility(in expressions: [SymExpr]) -> [SymExpr] {
    let zero = shapes.arena.integer(0)
    return expressions.flatMap { expression in
      [SymFunction.floorDiv, .ceilDiv, .mod, .pythonMod].flatMap { function in
        shapes.arena.atoms(of: expression, calling: function).compactMap { atom -> SymExpr? in
          guard case .call(_, let operands) = shapes.arena.view(of: atom), operands.count == 2,
            let divisor = shapes.arena.integerValue(of: operands[1]), divisor > 1
          else { return nil }
          return shapes.arena.eq(shapes.arena.mod(operands[0], operands[1]), zero)
        }
      }
    }
  }

  private func isPossible(_ condition: SymExpr) -> Bool {
    if shapes.arena.booleanValue(of: condition) != nil { return false }
    if case .impossible = shapes.assignment(where: [SymBool(condition)], budget: 2_000) { return false }
    return true
  }

  /// Conditions that make `condition` hold.
  private func alternatives(_ whole: SymExpr) -> [SymExpr] {
    let condition = oriented(essential(whole))
    guard case .relation(let kind, _, _) = shapes.arena.view(of: condition),
      let symbol = onlySymbol(of: condition),
      case .int(let range)? = shapes.range(of: symbol),
      let (solvedKind, bound) = shapes.arena.trySolve(condition, for: shapes.arena.handle(of: symbol)),
      let value = shapes.arena.integerValue(of: bound)
    else { return [condition] }
    let handle = shapes.arena.handle(of: symbol)
    func relation(_ kind: RelationKind, _ value: Int) -> SymExpr {
      shapes.arena.relation(kind, handle, shapes.arena.integer(value))
    }
    guard kind == .ne else { return [relation(solvedKind, value)] }
    let (above, overflowAbove) = value.addingReportingOverflow(1)
    let (below, overflowBelow) = value.subtractingReportingOverflow(1)
    if overflowAbove || overflowBelow { return [condition] }
    var found: [SymExpr] = []
    if range.upper > value { found.append(relation(.ge, above)) }
    if range.lower < value { found.append(relation(.le, below)) }
    return range.lower < value && range.upper > value ? found + [relation(.ne, value)] : found
  }

  /// `condition` without the parts that are known to hold: `Min(n, x.shape[0]) >= 1` becomes `n >= 1` when
  /// `x.shape[0] >= 1` is known.
  private func essential(_ condition: SymExpr) -> SymExpr {
    let open = conjuncts(of: condition).filter { part in
      !shapes.staticallyKnownTrue(SymBool(part)) && shapes.prove(SymBool(part))?.holds != true
    }
    return open.count == 1 ? open[0] : condition
  }

  private func conjuncts(of condition: SymExpr) -> [SymExpr] {
    switch shapes.arena.view(of: condition) {
    case .and(let parts): return parts.flatMap(conjuncts)
    case .relation(let kind, let lhs, let rhs) where kind.isInequality:
      let isDownward = kind == .ge || kind == .gt
      let (larger, smaller) = isDownward ? (lhs, rhs) : (rhs, lhs)
      let order: RelationKind = kind == .ge || kind == .le ? .ge : .gt
      if case .call(.min, let parts) = shapes.arena.view(of: larger) {
        return parts.map { shapes.arena.relation(order, $0, smaller) }
      }
      if case .call(.max, let parts) = shapes.arena.view(of: smaller) {
        return parts.map { shapes.arena.relation(order, larger, $0) }
      }
      return [condition]
    default: return [condition]
    }
  }

  /// `n >= 1` for `1 <= n`.
  private func oriented(_ condition: SymExpr) -> SymExpr {
    guard case .relation(let kind, let lhs, let rhs) = shapes.arena.view(of: condition),
      !shapes.arena.hasSymbols(lhs), shapes.arena.hasSymbols(rhs)
    else { return condition }
    return shapes.arena.relation(kind.mirrored, rhs, lhs)
  }

  private func onlySymbol(of expression: SymExpr) -> SymExpr.Symbol? {
    let symbols = shapes.arena.freeSymbols(of: expression)
    return symbols.count == 1 ? symbols.first : nil
  }

  /// States that a number has one of its possible values if there are few, otherwise the one that the survey assumed.
  private func numbers(_ form: SymExpr, _ value: Int) -> [SymExpr] {
    var values = [value]
    if case .int(let range) = shapes.bound(of: form), !range.isEmpty {
      let (width, overflow) = range.upper.subtractingReportingOverflow(range.lower)
      if !overflow, width < Self.most {
        values = [value] + (range.lower...range.upper).filter { $0 != value }
      }
    }
    return values.map { shapes.arena.eq(form, shapes.arena.integer($0)) }
  }
}
