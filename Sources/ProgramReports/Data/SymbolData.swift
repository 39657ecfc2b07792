import EscapedTexts
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// What the page tells about symbols: their births, ranges, reasons, guards and asserts.
extension ReportedProgram {
  func writeSymbols(to json: inout JSONWriter) {
    json.beginArray()
    for symbol in symbols { write(symbol, to: &json) }
    json.endArray()
  }

  /// How many facts of a kind the page shows of a symbol.
  private static var mostFacts: Int { 128 }

  private func write(_ subject: SymExpr.Symbol, to json: inout JSONWriter) {
    let symbol = names.nameInRun(of: subject) ?? subject
    let story = SymbolStory(of: symbol, in: context, names: names, limit: Self.mostFacts)
    json.beginObject()
    json.member("name", shapes.arena.name(of: subject))
    json.member("title", title(of: symbol))
    json.member("range", shapes.rangeText(of: symbol))
    json.member("read", names.spelling(of: symbol)?.text ?? "")
    json.member("node", story.binding?.place.qualifiedName ?? story.maker?.qualifiedName ?? "")
    json.key("example")
    if let example = example(of: symbol) { json.int(example) } else { json.null() }
    json.key("facts")
    json.beginArray()
    for fact in facts(of: symbol, story) { fact.write(to: &json) }
    json.endArray()
    json.endObject()
  }

  private func title(of symbol: SymExpr.Symbol) -> String {
    switch shapes.symbolKind(symbol) {
    case .backedSize, .backedNumber: "from the inputs"
    case .unbackedInt, .unbackedFloat: "unbacked: known only at run time"
    }
  }

  /// A value to start the page's form with: the hint, or for an unbacked integer a small one within its range.
  func example(of symbol: SymExpr.Symbol) -> Int? {
    if case .int(let hint)? = shapes.hint(of: symbol) { return hint }
    guard case .int(let range)? = shapes.range(of: symbol), !shapes.isReplaced(symbol) else { return nil }
    return Swift.min(Swift.max(8, range.lower), range.upper)
  }

  private func facts(of symbol: SymExpr.Symbol, _ story: SymbolStory) -> [PageFact] {
    var facts: [PageFact] = []
    if let binding = story.binding {
      facts.append(
        PageFact("born", "\(binding.place.qualifiedName)\(shapes.pathText(binding.path))", at: binding.place))
    } else if let maker = story.maker {
      facts.append(PageFact("born", maker.qualifiedName, at: maker))
    }
    if let replacement = story.replacement {
      facts.append(
        PageFact(
          shapes.arena.hasSymbols(replacement.target) ? "equals" : "fixed to",
          shapes.text(raw: replacement.target), because: replacement.cause.map(reason) ?? "",
          at: replacement.cause?.provenance))
    }
    for fact in story.rangeFacts(in: shapes) {
      facts.append(PageFact("range", fact.text, because: fact.because, at: fact.provenance))
    }
    for (other, cause) in story.otherNames {
      facts.append(PageFact("other name", shapes.arena.name(of: other), at: cause.provenance))
    }
    for (remainder, cause) in story.divisibility {
      facts.append(
        PageFact(
          "divisible", "\(shapes.text(of: remainder)) == 0", because: reason(cause), at: cause.provenance))
    }
    for condition in story.conditions {
      let label =
        switch condition.kind {
        case .guardTaken: "guard"
        case .runtimeAssert: "assert"
        }
      facts.append(PageFact(label, shapes.text(raw: condition.expression), at: condition.provenance))
    }
    return facts
  }

  private func reason(_ cause: SymbolStory.Cause) -> String {
    shapes.text(of: cause.reason, cause.provenance)
  }
}
