import SymbolicExpressions
import SymbolicShapes

/// Whether conditions hold for all sizes that an environment allows.
struct TautologyTest {
  let shapes: ShapeEnv

  /// Allows a hundred conditions to be looked at within a few tens of milliseconds.
  private static let budget = ProofBudget(work: 4_000, cases: 8, facts: 16)

  /// Whether `condition` is proved, as it is or with quotients and remainders for sizes.
  func holds(_ condition: SymExpr) -> Bool {
    if isProved(condition) { return true }
    let start = shapes.checkpoint()
    defer { shapes.restore(start) }
    return inQuotients(condition).map(isProved) ?? false
  }

  private func isProved(_ condition: SymExpr) -> Bool {
    if let truth = shapes.arena.booleanValue(of: condition) { return truth }
    let truth = SymBool(condition)
    return shapes.staticallyKnownTrue(truth) || shapes.prove(truth, budget: Self.budget)?.holds == true
  }

  /// The condition with `n*q + r` for each size `s` that is divided by a number `n`, so that `s//n` is `q` and `Mod(s, n)`
  /// is `r`; `nil` if no size is divided.
  private func inQuotients(_ condition: SymExpr) -> SymExpr? {
    var result = condition
    var forms: [SymExpr.Symbol: SymExpr] = [:]
    for (symbol, divisor) in divisions(in: condition) {
      let handle = shapes.arena.handle(of: symbol)
      guard case .int(let range)? = shapes.range(of: symbol), range.lower >= 0 else { continue }
      let name = shapes.arena.name(of: symbol)
      let quotient = shapes.declare(
        "\(name)//\(divisor)", [.integer], kind: .backedNumber,
        // Bound: a divisor is at least 2.
        range: .int(IntRange(lower: range.lower / divisor, upper: .max)), hint: nil)
      let remainder = shapes.declare(
        "\(name)%\(divisor)", [.integer], kind: .backedNumber,
        range: .int(IntRange(lower: 0, upper: divisor - 1)), hint: nil)
      let number = shapes.arena.integer(divisor)
      let whole = shapes.arena.add(shapes.arena.mul(number, quotient), remainder)
      _ = shapes.check(SymBool(shapes.arena.ge(whole, shapes.arena.integer(range.lower))))
      for (atom, value) in [
        (shapes.arena.mod(handle, number), remainder), (shapes.arena.pythonMod(handle, number), remainder),
        (shapes.arena.floorDiv(handle, number), quotient),
      ] {
        result = shapes.arena.replace(result, atom: atom, with: value)
      }
      forms[symbol] = whole
    }
    return forms.isEmpty ? nil : shapes.arena.substitute(result) { forms[$0] }
  }

  /// The sizes that are divided, each with its first divisor.
  private func divisions(in condition: SymExpr) -> [(SymExpr.Symbol, Int)] {
    var found: [(SymExpr.Symbol, Int)] = []
    for function in [SymFunction.mod, .pythonMod, .floorDiv] {
      for atom in shapes.arena.atoms(of: condition, calling: function) {
        guard case .call(_, let operands) = shapes.arena.view(of: atom), operands.count == 2,
          let symbol = shapes.arena.asSymbol(operands[0]),
          let divisor = shapes.arena.integerValue(of: operands[1]), divisor > 1,
          !found.contains(where: { $0.0 == symbol })
        else { continue }
        found.append((symbol, divisor))
      }
    }
    return found
  }
}
