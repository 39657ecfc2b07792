import FakeTensors
public import SymbolicExpressions
public import SymbolicShapes

extension PropagationContext {
  /// A premise as text, with the node it comes from.
  public func text(of premise: Premise) -> ExplainedFact {
    let shapes = mode.shapes
    switch premise {
    case .range(let symbol):
      return ExplainedFact(
        "\(shapes.arena.name(of: symbol)) in \(shapes.rangeText(of: symbol))", because: "its range",
        provenance: nil)
    case .bounds(let expression):
      return ExplainedFact(
        "the range of \(shapes.text(raw: expression))", because: "the ranges of its symbols", provenance: nil)
    case .guardTaken(let index):
      let origin = shapes.guards.indices.contains(index) ? shapes.guards[index].origin : .input
      return ExplainedFact(
        shapes.text(of: premise), because: "guard", provenance: provenance(of: origin))
    case .runtimeAssert(let index):
      let asserts = shapes.runtimeAsserts
      let origin = asserts.indices.contains(index) ? asserts[index].assert.origin : .input
      return ExplainedFact(
        shapes.text(of: premise), because: "assert", provenance: provenance(of: origin))
    case .declared:
      return ExplainedFact(
        shapes.text(of: premise), because: "the archive declares it", provenance: nil)
    case .definition(let symbol):
      return ExplainedFact(
        "\(shapes.arena.name(of: symbol)) == \(shapes.text(of: shapes.find(symbol)))",
        because: "two names of one value", provenance: nil)
    case .meaning(let expression):
      return ExplainedFact(
        "what \(shapes.text(raw: expression)) means", because: "arithmetic", provenance: nil)
    }
  }
}

extension ShapeEnv {
  /// `0 … 64`; `∞` means no bound.
  public func rangeText(of symbol: SymExpr.Symbol) -> String {
    guard case .int(let range)? = range(of: symbol) else { return "any number" }
    return Self.text(of: range)
  }

  /// `0 … 64`; `∞` means no bound.
  public static func text(of range: IntRange) -> String {
    "\(range.lower == .min ? "-∞" : "\(range.lower)") … \(range.isBoundedAbove ? "\(range.upper)" : "∞")"
  }
}
