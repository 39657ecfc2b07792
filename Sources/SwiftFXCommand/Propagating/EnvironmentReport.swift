import SwiftFX

/// What event logs say about symbols, for people.
struct EnvironmentReport {
  let environments: [LoggedEnvironment]

  init(_ environments: [LoggedEnvironment]) { self.environments = environments }

  var text: String { environments.map(text).joined(separator: "\n") }

  private func text(_ environment: LoggedEnvironment) -> String {
    var lines = ["compilation \(environment.compileID.isEmpty ? "of the log" : environment.compileID)", ""]
    var table = TextTable(limits: [12, 32, 12, 90])
    table.add("symbol", "range", "hint", "what it is")
    for symbol in environment.symbols {
      table.add(
        symbol.name, "\(symbol.lower.map(String.init) ?? "-∞") … \(symbol.upper.map(String.init) ?? "∞")",
        symbol.hint.map(String.init) ?? "", symbol.source ?? symbol.origin ?? "")
    }
    lines += table.lines()
    if !environment.replacements.isEmpty { lines.append("") }
    for (symbol, value) in environment.replacements { lines.append("  \(symbol) is \(value)") }
    if !environment.guards.isEmpty { lines.append("") }
    for condition in environment.guards { lines.append("  guard   \(text(condition))") }
    for condition in environment.runtimeAsserts { lines.append("  assert  \(text(condition))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func text(_ condition: LoggedEnvironment.Condition) -> String {
    condition.expression + (condition.origin.map { "   \($0)" } ?? "")
  }
}
