import SymbolicExpressions

/// Proofs as text.
extension ShapeEnv {
  /// What `premise` says, such as `2*(b//2) <= b <= 2*(b//2) + 1`.
  public func text(of premise: Premise) -> String {
    switch premise {
    case .range(let symbol): rangeText(arena.handle(of: symbol))
    case .bounds(let expression): rangeText(expression)
    case .guardTaken(let index):
      facts.guards.indices.contains(index) ? arena.text(of: facts.guards[index].expression) : ""
    case .runtimeAssert(let index):
      facts.runtimeAsserts.indices.contains(index)
        ? arena.text(of: facts.runtimeAsserts[index].assert.expression) : ""
    case .declared(let condition): arena.text(of: condition)
    case .definition(let symbol):
      facts.given.definitions.last { $0.symbol == symbol }
        .map { "\(arena.name(of: symbol)) is \(arena.text(of: $0.value))" } ?? arena.name(of: symbol)
    case .meaning(let expression): meaningText(expression)
    }
  }

  private func rangeText(_ expression: SymExpr) -> String {
    let text = arena.text(of: expression)
    let range = arena.range(of: expression, in: proofFacts().ranges).ints
    let lower = range.lower < .min + 8 ? "" : "\(range.lower) <= "
    let upper = range.upper > .max - 8 ? "" : " <= \(range.upper)"
    return lower + text + upper
  }

  private func meaningText(_ expression: SymExpr) -> String {
    let text = arena.text(of: expression)
    guard case .call(let function, let arguments) = arena.view(of: expression) else {
      return "\(text) is a product"
    }
    let texts = arguments.map { arena.text(of: $0) }
    switch function {
    case .floorDiv, .cleanDiv:
      let product = arena.text(of: arena.mul(expression, arguments[1]))
      let isPositive = arena.range(of: arguments[1], in: proofFacts().ranges).ints.lower >= 1
      return isPositive
        ? "\(product) <= \(texts[0]) < \(product) + \(texts[1])"
        : "\(texts[0]) - \(product) lies from 0 to \(texts[1])"
    case .mod, .pythonMod: return "\(text) is what \(texts[1]) leaves of \(texts[0])"
    case .max: return "\(text) is the largest of \(texts.joined(separator: ", "))"
    case .min: return "\(text) is the smallest of \(texts.joined(separator: ", "))"
    case .where: return "\(text) is \(texts[1]) if \(texts[0]), else \(texts[2])"
    case .abs: return "\(text) is \(texts[0]) without its sign"
    default: return text
    }
  }
}
