import SwiftFX

extension ExplainedProgram {
  /// The simplified form of an expression, its range, and whether it holds and why.
  func explanation(of expression: SymExpr, _ text: String) -> Explanation {
    let simplified = shapes.simplify(expression)
    let isCondition = shapes.arena.isCondition(expression)
    var result = Explanation("expression", text, title: isCondition ? "a condition" : "a number")
    addCaution(to: &result)
    result.add("simplified", Explanation.Entry(shapes.text(raw: simplified)))
    if shapes.arena.hasSymbols(simplified) {
      result.add("in Python", Explanation.Entry(names.text(of: simplified)))
    }
    if isCondition { addTruth(of: expression, to: &result) } else { addBounds(of: expression, to: &result) }
    let symbols = Set(shapes.arena.freeSymbols(of: expression))
      .union(shapes.arena.freeSymbols(of: simplified))
    result.add("symbols", symbols.sorted().map(summary))
    return result
  }

  private func addTruth(of condition: SymExpr, to result: inout Explanation) {
    let condition = SymBool(condition)
    if let known = shapes.staticallyKnown(condition) {
      result.add(
        "it is",
        Explanation.Entry(known ? "True" : "False", because: "known without a run, as PyTorch knows it"))
      if let proof = shapes.prove(condition), proof.holds == known { result.add("because", notes(proof)) }
      return
    }
    if let proof = shapes.prove(condition) {
      result.add(
        "it is", Explanation.Entry(proof.holds ? "True" : "False", because: "proved; PyTorch leaves it open"))
      result.add("because", notes(proof))
      return
    }
    let example = shapes.hint(of: condition).map {
      "\($0 ? "True" : "False") for the example sizes; elsewhere open"
    }
    result.add("it is", Explanation.Entry("open", because: example ?? "not known before run time"))
    result.add("True for", examples(where: condition))
    result.add("False for", examples(where: shapes.not(condition)))
  }

  private func examples(where condition: SymBool) -> [Explanation.Entry] {
    switch shapes.assignment(where: [condition]) {
    case .found(let assignment):
      let values = assignment.values.map { "\(shapes.arena.name(of: $0.symbol)) = \($0.value)" }
      return [Explanation.Entry(values.joined(separator: ", "))]
    case .impossible: return [Explanation.Entry("nothing", because: "every assignment was tried")]
    case .notFound: return [Explanation.Entry("nothing that was found; there may be something")]
    }
  }

  private func addBounds(of expression: SymExpr, to result: inout Explanation) {
    switch shapes.bound(of: shapes.simplify(expression)) {
    case .int(let range):
      result.add(
        "range", Explanation.Entry(ShapeEnv.text(of: range), because: "from the ranges of its symbols"))
      let proved = shapes.provedBound(of: shapes.resolve(expression))
      if proved != range, proved.isSubset(of: range) {
        result.add(
          "proved", Explanation.Entry(ShapeEnv.text(of: proved), because: "from relations between them too"))
      }
    case .float(let range): result.add("range", Explanation.Entry("\(range.lower) … \(range.upper)"))
    case .bool: break
    }
    if case .int(let hint)? = shapes.hint(of: expression) {
      result.add("example", Explanation.Entry("\(hint)"))
    }
  }

  /// A symbol in one line.
  func summary(of symbol: SymExpr.Symbol) -> Explanation.Entry {
    let known = names.nameInRun(of: symbol) ?? symbol
    let spelling = names.spelling(of: symbol).map { "   \($0.text)" } ?? ""
    return Explanation.Entry(
      "\(shapes.arena.name(of: symbol))   \(shapes.rangeText(of: known, equations))\(spelling)",
      because: known == symbol ? "" : "\(shapes.arena.name(of: known)) in this run",
      place: names.binding(of: symbol)?.place ?? context.provenance(of: shapes.birth(of: symbol)))
  }
}
