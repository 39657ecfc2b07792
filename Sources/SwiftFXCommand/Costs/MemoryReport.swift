import ProgramCosts
import SwiftFX

/// What `swiftfx memory` prints for people.
struct MemoryReport {
  let loaded: LoadedProgram
  let costs: ProgramCosts
  let sizes: CostAssignment
  let group: CostGroup.Kind?
  let showsAll: Bool

  init(
    _ loaded: LoadedProgram, _ costs: ProgramCosts, at sizes: CostAssignment, by group: CostGroup.Kind?,
    showsAll: Bool
  ) {
    (self.loaded, self.costs, self.sizes, self.group, self.showsAll) = (loaded, costs, sizes, group, showsAll)
  }

  private var shapes: ShapeEnv { costs.shapes }
  private var graph: Graph { costs.graph }

  /// The most rows of a table and points of a peak that are shown.
  private static let (shownRows, shownPoints) = (20, 4)
  /// Where formulas begin.
  private static let formulaColumn = 19

  var text: String {
    [[header], amounts, points, missing, rows, remarks].filter { !$0.isEmpty }
      .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var header: String {
    let at = sizes.entries.filter { !shapes.isReplaced($0.symbol) }
      .map { "\(shapes.arena.name(of: $0.symbol))=\($0.value)" }.joined(separator: " ")
    let reached = costs.error == nil ? "" : ", \(costs.nodes.count) reached"
    return "\(loaded.name)   \(graph.nodes.count) nodes\(reached)" + (at.isEmpty ? "" : "   at \(at)")
  }

  private var amounts: [String] {
    [
      row("peak", costs.peak.formula, bytes: true),
      row("  weights", costs.weights, bytes: true),
      row("  inputs", costs.inputs, bytes: true),
      row("  temporaries", costs.temporaries, bytes: true),
      row("FLOPs", costs.flops, bytes: false),
    ].flatMap { $0 } + dominant
  }

  private func row(_ title: String, _ size: SymInt, bytes: Bool) -> [String] {
    var lines = ["  " + padded(title, 15) + amount(size, bytes: bytes)]
    if size.isSymbolic, size != .tooLarge {
      lines.append(String(repeating: " ", count: 17) + "= " + formula(size))
    }
    return lines
  }

  /// The value at the sizes; where it is open, both ends of the ranges.
  private func amount(_ size: SymInt, bytes: Bool) -> String {
    switch costs.value(of: size, at: sizes) {
    case .known(let value): return told(value, bytes)
    case .tooLarge: return "does not fit 64 bits"
    case .undefined: return "undefined at these sizes"
    case .open:
      let bounds = costs.bounds(of: sizes.substituted(size, shapes))
      return
        "\(bounds.lower.map { told(Swift.max($0, 0), bytes) } ?? "?") … \(bounds.upper.map { told($0, bytes) } ?? "∞")"
    }
  }

  private func told(_ value: Int, _ bytes: Bool) -> String {
    guard value.magnitude >= 1000 else { return bytes ? "\(value) B" : "\(value)" }
    return bytes
      ? "\(ByteCount(value).short) (\(ByteCount.grouped(value)) B)"
      : "\(ByteCount.operations(value)) (\(ByteCount.grouped(value)))"
  }

  private func formula(_ size: SymInt) -> String {
    let text = shapes.text(of: size)
    return showsAll
      ? text : LineWidth.fitted(text, within: LineWidth.ofOutput.map { $0 - Self.formulaColumn })
  }

  private var dominant: [String] {
    guard let (symbol, growth) = costs.dominantSymbol(of: costs.peak.formula, at: sizes) else { return [] }
    let times = Double(Int((growth * 100).rounded())) / 100
    return [
      "  " + padded("grows with", 15)
        + "\(shapes.arena.name(of: symbol)): twice as large, the peak is \(times) times as large"
    ]
  }

  private var points: [String] {
    let all = costs.peak.points
    guard !all.isEmpty else { return ["  no node was reached"] }
    let here = costs.peakNode(at: sizes)?.node.node
    let shown = showsAll ? all : here.map { node in all.filter { $0.node == node } } ?? all
    var lines: [String] = []
    if shown.isEmpty, let here {
      lines += place(here, costs.peakNode(at: sizes)?.node.live ?? costs.peak.formula, all.count > 1)
    }
    for point in shown.prefix(showsAll ? shown.count : Self.shownPoints) {
      lines += place(point.node, point.live, all.count > 1)
    }
    let hidden = all.count - Swift.max(shown.count, 0)
    if here == nil, shown.count > Self.shownPoints, !showsAll {
      lines.append("  … \(shown.count - Self.shownPoints) more points can be the peak; --all shows them")
    } else if here != nil, hidden > 0, !showsAll {
      lines.append(
        "  at other sizes, \(hidden) other \(hidden == 1 ? "point" : "points") can be the peak; --all shows them"
      )
    }
    return lines
  }

  private func place(_ node: Node, _ live: SymInt, _ isOneOfSeveral: Bool) -> [String] {
    var line =
      "  peak after \(Escaped.line(graph.name(of: node)))   \(Escaped.line(graph.operatorName(of: node)))"
    if let module = graph.authorsModule(of: node), !module.isEmpty { line += "   in \(Escaped.line(module))" }
    var lines = [line]
    if let frame = Provenance(node, of: graph)?.frame {
      lines.append("    \(Escaped.line("\(frame.fileName):\(frame.line)  \(frame.code)"))")
    }
    if isOneOfSeveral { lines.append("    \(formula(live))") }
    return lines
  }

  private var missing: [String] {
    var lines: [String] = []
    for missing in costs.missingBounds(of: sizes.substituted(costs.peak.formula, shapes)) {
      let from = missing.place.map { ", from \(Escaped.line($0.qualifiedName))" } ?? ""
      lines.append("  unbounded   \(missing.name)\(from)")
      lines.append("              \(Escaped.line(missing.advice))")
    }
    return lines
  }

  private var rows: [String] {
    guard let group else { return [] }
    let groups = costs.groups(by: group)
    var table = TextTable(limits: [16, 5, 12, 12])
    table.add(group.rawValue, "nodes", "FLOPs", "allocates")
    let shown = showsAll ? groups.count : Self.shownRows
    for row in groups.prefix(shown) {
      table.add(
        row.name.isEmpty ? "(model)" : Escaped.line(row.name), "\(row.count)", cell(row.flops, false),
        cell(row.allocated, true))
    }
    return table.lines(within: showsAll ? nil : LineWidth.ofOutput)
      + (groups.count > shown ? ["  … \(groups.count - shown) more; --all shows them"] : [])
  }

  private func cell(_ size: SymInt, _ bytes: Bool) -> String {
    if size == 0 { return "–" }
    if case .known(let value) = costs.value(of: size, at: sizes) {
      return bytes ? ByteCount(value).short : ByteCount.operations(value)
    }
    return size == .tooLarge ? "beyond 64 bits" : shapes.text(of: size)
  }

  private var remarks: [String] {
    var lines = costs.remarks.prefix(showsAll ? .max : 6).map { remark in
      "  note        \(remark.place.map { "\(Escaped.line($0.qualifiedName)): " } ?? "")\(remark.text)"
    }
    if costs.remarks.count > lines.count {
      lines.append("  … \(costs.remarks.count - lines.count) more notes")
    }
    if let error = costs.error {
      lines.append("  incomplete  only what was reached is counted: \(error.shortMessage)")
    }
    return lines
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: Swift.max(1, width - text.count))
  }
}
