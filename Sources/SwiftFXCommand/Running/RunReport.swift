import LibTorch
import SwiftFX

/// What a run did, for people.
struct RunReport {
  let run: ProgramRun
  let showsTimes: Bool

  init(_ run: ProgramRun, showsTimes: Bool) {
    self.run = run
    self.showsTimes = showsTimes
  }

  var text: String {
    var lines = [
      "\(run.loaded.name)   \(run.nodeCount) nodes   ran in \(Self.milliseconds(run.seconds))", "",
    ]
    lines.insert(contentsOf: Self.furtherRuns(run.measured), at: 1)
    lines += Self.table(of: run.results) + symbols + differences
    if showsTimes { lines += times }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// What a run of compiled code did.
  static func text(of run: FinishedRun, name: String) -> String {
    let lines =
      ["\(name)   compiled by AOTInductor   ran in \(milliseconds(run.seconds))"] + furtherRuns(run.measured)
      + [""] + table(of: run.results) + ["  nothing is predicted: compiled code has no graph"]
    return lines.joined(separator: "\n")
  }

  /// A line about the runs after the first, given their times, the least first; none without such runs.
  private static func furtherRuns(_ measured: [Double]) -> [String] {
    guard let least = measured.first else { return [] }
    let median = measured[measured.count / 2]
    return [
      "  \(measured.count) further runs: least \(milliseconds(least)), median \(milliseconds(median))"
    ]
  }

  private static func table(of results: [PyTree<RealTensor>]) -> [String] {
    var table = TextTable(limits: [10, 40, 80])
    table.add("result", "value", "")
    for (position, leaf) in results.enumerated() {
      if case .value(let tensor) = leaf {
        table.add("\(position)", tensor.description, preview(tensor))
      } else {
        table.add("\(position)", RunJSON.text(of: leaf), "")
      }
    }
    return table.lines() + [""]
  }

  /// The first elements of a tensor.
  private static func preview(_ tensor: RealTensor) -> String {
    guard let values = try? tensor.firstElements(5) else { return "" }
    let isWhole = (try? tensor.dtype.isFloatingPoint) != true
    let shown = values.prefix(4).map { value in
      isWhole && abs(value) < 1e15 ? "\(Int(value))" : rounded(value)
    }
    return shown.joined(separator: ", ") + (values.count > 4 ? ", …" : "")
  }

  private static func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0, abs(value) < 1e6, abs(value) > 1e-4 else { return "\(value)" }
    return "\((value * 10_000).rounded() / 10_000)"
  }

  private var symbols: [String] {
    if run.symbolValues.isEmpty { return [] }
    return ["  symbols   " + run.symbolValues.map { "\($0.name) = \($0.value)" }.joined(separator: ", "), ""]
  }

  private var differences: [String] {
    if run.mismatches.isEmpty { return ["  every value is as predicted", ""] }
    var table = TextTable(limits: [30, 60, 60])
    table.add("node", "predicted", "real")
    for mismatch in run.mismatches { table.add(mismatch.node, mismatch.predicted, mismatch.real) }
    return table.lines() + [""]
  }

  private var times: [String] {
    var table = TextTable(limits: [60, 12, 8])
    table.add("operator", "time", "calls")
    for (target, entry) in run.times.sorted(by: { $0.value.seconds > $1.value.seconds }) {
      table.add(target, Self.milliseconds(entry.seconds), "\(entry.count)")
    }
    return table.lines()
  }

  private static func milliseconds(_ seconds: Double) -> String {
    "\((seconds * 1e5).rounded() / 100) ms"
  }
}
