import SwiftFX

/// What `swiftfx check` prints for a sweep.
struct SweepReport {
  let loaded: LoadedProgram
  let sweep: SizeSweep
  let result: SizeSweep.Result
  let seconds: Double

  init(_ loaded: LoadedProgram, _ sweep: SizeSweep, _ result: SizeSweep.Result, seconds: Double) {
    self.loaded = loaded
    self.sweep = sweep
    self.result = result
    self.seconds = seconds
  }

  private var names: [String] { sweep.swept.map { sweep.check.parameters[$0].description } }
  private var rate: Double { Double(result.assignments) / max(seconds, 1e-9) }

  var text: String {
    var lines = [
      "\(loaded.name)   \(result.accepted) of \(result.assignments) assignments accepted",
      "checked in \(milliseconds(seconds)), \(millions(rate)) million a second", "",
    ]
    let accepted = result.sizes.lines(names: names)
    lines += accepted.enumerated().map { row($0 == 0 ? "accepted" : "", $1) }
    if result.unlisted > 0 {
      lines.append(
        row(
          "",
          "… \(result.unlisted) more are not listed: a list has at most \(SizeSweep.listLimit) progressions"))
    }
    for (position, refusal) in result.refusals.enumerated() {
      lines += constraint(position == 0 ? "refused" : "", refusal)
    }
    for (position, assumption) in result.assumptions.enumerated() {
      lines += constraint(position == 0 ? "beyond" : "", assumption)
    }
    if result.beyond > 0 {
      lines.append(row("note", "PyTorch runs those beyond; the shapes that propagation found need not hold"))
    }
    if result.undecided > 0 {
      lines.append(
        row("undecided", "\(result.undecided)   too many would have to be propagated; take smaller ranges"))
    }
    for open in open { lines.append(row("undecided", open)) }
    return lines.map(Escaped.line).joined(separator: "\n")
  }

  private func constraint(_ title: String, _ entry: SizeSweep.Tally) -> [String] {
    [row(title, "\(entry.count)   \(entry.constraint.text)")]
      + entry.constraint.origins.map { row("", "  \($0)") }
  }

  /// The constraints that were not decided.
  private var open: [String] {
    sweep.check.constraints.compactMap { constraint in
      guard constraint.force != .assumed else { return nil }
      switch constraint.fate {
      case .checked, .implied, .needsRun: return nil
      case .needsInputs: return "\(constraint.text)   it needs sizes that are not given"
      case .unread(let problem): return "\(constraint.text)   it cannot be read: \(problem)"
      case .notCompiled: return "\(constraint.text)   it has no value here"
      }
    }
  }

  private func row(_ title: String, _ text: String) -> String {
    "  " + title + String(repeating: " ", count: max(1, 12 - title.count)) + text
  }

  private func millions(_ value: Double) -> String { "\((value / 1e5).rounded() / 10)" }

  /// The bytes of one JSON object, followed by a newline.
  var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("model")
    json.string(loaded.name)
    json.key("assignments")
    json.int(result.assignments)
    json.key("accepted")
    json.int(result.accepted)
    json.key("beyond")
    json.int(result.beyond)
    json.key("not_decided")
    json.int(result.undecided)
    json.key("seconds")
    json.double(seconds)
    json.key("assignments_per_second")
    json.double(rate)
    json.key("dims")
    json.strings(names)
    json.key("not_listed")
    json.int(result.unlisted)
    json.key("rows")
    write(result.sizes, &json)
    json.key("refusals")
    write(result.refusals, &json)
    json.key("assumptions")
    write(result.assumptions, &json)
    json.key("undecided")
    json.strings(open)
    json.endObject()
    return json.line
  }

  private func write(_ sizes: AcceptedSizes, _ json: inout JSONWriter) {
    json.beginArray()
    for row in sizes.rows {
      json.beginObject()
      json.key("values")
      json.beginArray()
      for progression in row.values.progressions {
        json.beginArray()
        json.int(progression.lower)
        json.int(progression.upper)
        json.int(progression.step)
        json.endArray()
      }
      json.endArray()
      if let rest = row.rest {
        json.key("rest")
        write(rest.sizes, &json)
      }
      json.endObject()
    }
    json.endArray()
  }

  private func write(_ entries: [SizeSweep.Tally], _ json: inout JSONWriter) {
    json.beginArray()
    for entry in entries {
      json.beginObject()
      json.key("constraint")
      json.string(entry.constraint.text)
      json.key("count")
      json.int(entry.count)
      json.key("origins")
      json.strings(entry.constraint.origins.map { "\($0)" })
      json.endObject()
    }
    json.endArray()
  }
}
