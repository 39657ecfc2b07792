import SwiftFX

/// What the event lines of a log say about symbols, as explanations.
struct ExplainedLog {
  let environment: LoggedEnvironment

  /// Everything that the log says about a symbol; `nil` when it does not mention it.
  func explanation(of name: String) -> Explanation? {
    guard let symbol = environment.symbol(name) else { return nil }
    var result = Explanation("symbol", name, title: title(of: symbol))
    result.add("logged", entries(about: symbol))
    return result
  }

  /// All symbols and conditions of the log, in short.
  var overview: Explanation {
    var result = Explanation(
      "program", environment.compileID, title: "the events of compilation \(environment.compileID)")
    result.add("symbols", environment.symbols.map { Explanation.Entry("\($0.name): \(title(of: $0))") })
    result.add("replaced", environment.replacements.map { Explanation.Entry("\($0.symbol) is \($0.value)") })
    result.add("guards", environment.guards.map(entry))
    result.add("asserts", environment.runtimeAsserts.map(entry))
    return result
  }

  private func title(of symbol: LoggedEnvironment.Symbol) -> String {
    let range = "\(symbol.lower.map(String.init) ?? "-∞") … \(symbol.upper.map(String.init) ?? "∞")"
    let example = symbol.hint.map { ", \($0) in the example" } ?? ""
    return (symbol.source.map { "\($0), " } ?? "an unbacked (data-dependent) value, ") + range + example
  }

  /// Where the log makes the symbol, what it turns into, and the conditions that mention it.
  func entries(about symbol: LoggedEnvironment.Symbol) -> [Explanation.Entry] {
    var entries = [Explanation.Entry(symbol.source ?? "made by a node", because: symbol.origin ?? "")]
    for (name, value) in environment.replacements where name == symbol.name || mentions(value, symbol.name) {
      entries.append(Explanation.Entry("\(name) is \(value)"))
    }
    for condition in environment.guards where mentions(condition.expression, symbol.name) {
      entries.append(Explanation.Entry("guard \(condition.expression)", because: condition.origin ?? ""))
    }
    for condition in environment.runtimeAsserts where mentions(condition.expression, symbol.name) {
      entries.append(Explanation.Entry("assert \(condition.expression)", because: condition.origin ?? ""))
    }
    return entries
  }

  private func entry(_ condition: LoggedEnvironment.Condition) -> Explanation.Entry {
    Explanation.Entry(condition.expression, because: condition.origin ?? "")
  }

  /// Whether `name` is a word of `text`.
  private func mentions(_ text: String, _ name: String) -> Bool {
    text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == name }
  }
}
