import SwiftFX

/// The text that `swiftfx propagate` prints: the first and last nodes and the most informative facts, or everything
/// with `--all`.
struct PropagationReport {
  let loaded: LoadedProgram
  let result: Propagation
  let propagateSeconds: Double
  let showsAll: Bool

  /// How many nodes the short table shows at its start and end.
  private static let shownAtEnds = (first: 12, last: 6)

  init(_ loaded: LoadedProgram, _ result: Propagation, propagateSeconds: Double, showsAll: Bool) {
    self.loaded = loaded
    self.result = result
    self.propagateSeconds = propagateSeconds
    self.showsAll = showsAll
  }

  private var shapes: ShapeEnv { loaded.program.shapes }
  private var graph: Graph { loaded.exported.graphModule.graph }

  var text: String {
    let sections = [header, nodeLines, symbolLines, factLines, comparison.lines]
    return sections.filter { !$0.isEmpty }.map { $0.map(fitted).joined(separator: "\n") }.joined(
      separator: "\n\n")
  }

  /// The width at which lines are cut; `nil` with `--all`.
  private var columns: Int? { showsAll ? nil : LineWidth.ofOutput }

  private func fitted(_ line: String) -> String { LineWidth.fitted(Escaped.line(line), within: columns) }

  private var header: [String] {
    let parameters = loaded.exported.signature.inputSpecs.filter { $0.kind == .parameter }.count
    let unbacked = Set(graph.nodes.flatMap { loaded.program.bindings(of: $0, in: "") }.map(\.symbol)).count
    let version = loaded.exported.torchVersion
    var parts = [
      loaded.name, "PyTorch \(version.isEmpty ? "unknown" : version)", count(graph.nodes.count, "node"),
    ]
    if parameters > 0 { parts.append(count(parameters, "parameter")) }
    if unbacked > 0 { parts.append(count(unbacked, "unbacked symbol")) }
    return [
      parts.joined(separator: "   "),
      "loaded \(milliseconds(loaded.loadSeconds)), propagated \(milliseconds(propagateSeconds))",
    ]
  }

  private func count(_ number: Int, _ thing: String) -> String {
    "\(number) \(thing)\(number == 1 ? "" : "s")"
  }

  // Nodes

  private var nodeLines: [String] {
    if !graph.nodes.isEmpty, graph.nodes.allSatisfy({ result.values[$0] == nil }) {
      return ["  no node was reached"]
    }
    let inputKinds = Dictionary(
      loaded.exported.signature.inputSpecs.compactMap { spec in spec.argument.name.map { ($0, spec.kind) } },
      uniquingKeysWith: { $1 })
    // The short table leaves out weights: there are many, and their shapes are known.
    let nodes = graph.nodes.filter { node in
      showsAll || graph.op(of: node) != .placeholder
        || inputKinds[graph.name(of: node)].map { $0 == .userInput } ?? true
    }
    let ends = Self.shownAtEnds
    var table = TextTable(limits: [18, 20, 20, 14])
    table.add("node", "operator", "value", showsAll ? "strides, offset" : "")
    var hidden = 0
    for (position, node) in nodes.enumerated() {
      let isInteresting = !loaded.program.bindings(of: node, in: "").isEmpty
      guard
        showsAll || nodes.count <= ends.first + ends.last + 1 || position < ends.first
          || position >= nodes.count - ends.last || isInteresting && position < 200
      else {
        hidden += 1
        continue
      }
      if hidden > 0 {
        table.add("…", "\(hidden) more", "", "")
        hidden = 0
      }
      add(node, to: &table)
    }
    return table.lines(within: columns)
      + (showsAll || nodes.count <= ends.first + ends.last + 1 ? [] : ["  --all shows every node"])
  }

  private func add(_ node: Node, to table: inout TextTable) {
    let value = result.values[node].map { shapes.shortText(of: $0) ?? "None" } ?? "not reached"
    let births = loaded.program.bindings(of: node, in: "").map { shapes.arena.name(of: $0.symbol) }
    let note = births.isEmpty ? "" : births.joined(separator: ", ") + " born here"
    let layout = showsAll ? result.values[node]?.tensor.map(layoutText) ?? "" : ""
    table.add(
      graph.name(of: node), graph.operatorName(of: node), value,
      [layout, note].filter { !$0.isEmpty }.joined(separator: "  "))
  }

  private func layoutText(_ tensor: FakeTensor) -> String {
    let offset = tensor.storageOffset == 0 ? "" : " @ \(shapes.text(of: tensor.storageOffset))"
    return shapes.shortText(of: tensor.strides) + offset
  }

  // Symbols and facts

  private var symbolLines: [String] {
    let renamed = Set(result.renamings.map(\.renaming.from))
    var table = TextTable(limits: [8, 14, 14, 36])
    table.add("symbol", "range", "born at", "what it is")
    let mentioned = result.mentionedSymbols(in: graph, shapes)
    let equations = EquationRanges(shapes)
    var isEmpty = true
    for symbol in shapes.symbols where !renamed.contains(symbol) {
      let birth = SymbolBirth(symbol, in: loaded)
      // Symbols inside nested graphs have names in the archive that no value of this run uses.
      if !showsAll, birth.isOnlyNamed, !mentioned.contains(symbol) { continue }
      isEmpty = false
      table.add(
        shapes.arena.name(of: symbol), shapes.rangeText(of: symbol, equations), birth.node, birth.what)
    }
    return isEmpty ? [] : table.lines(within: columns)
  }

  private var factLines: [String] {
    var lines: [String] = []
    let kernels = KernelChoices(loaded.context, values: result.values)
    let informative = InformativeGuards(loaded.program, loaded.context)
    let guards = informative.taken.map { index in
      let taken = shapes.guards[index]
      return shapes.text(raw: taken.expression)
        + (kernels.contains(taken.expression, at: taken.origin) ? " (\(KernelChoices.remark))" : "")
    }
    lines.append(line("guards", guards))
    if !informative.exporter.isEmpty { lines.append(line("exporter", informative.exporter)) }
    lines.append(line("asserts", shapes.runtimeAsserts.map { shapes.text(raw: $0.assert.expression) }))
    let renamed = Set(result.renamings.map(\.renaming.from))
    let replaced = shapes.replacements.filter { !renamed.contains($0.symbol) }
      .map { "\(shapes.arena.name(of: $0.symbol)) = \(shapes.text(of: $0.target))" }
    if !replaced.isEmpty { lines.append(line("equal", replaced)) }
    if !loaded.exampleSizes.isEmpty {
      lines.append(line("examples", loaded.exampleSizes.map { "\($0.name) = \($0.value)" }))
    }
    if !factored.isEmpty { lines.append(line("factored", factored)) }
    if !result.trusted.isEmpty { lines.append(line("trusted", result.trusted.map { graph.name(of: $0) })) }
    return lines
  }

  /// Nodes whose sizes are products that are too long to be expanded, so that equal ones may not be known to be equal.
  private var factored: [String] {
    graph.nodes.filter { node in
      guard let tensor = result.values[node]?.tensor else { return false }
      return tensor.sizes.contains { $0.isSymbolic && shapes.arena.isLeftFactored(shapes.expression($0)) }
    }.map { graph.name(of: $0) }
  }

  private func line(_ title: String, _ facts: [String]) -> String {
    let shown = columns == nil ? facts.count : 4
    var text = facts.isEmpty ? "none" : facts.prefix(shown).joined(separator: ", ")
    if facts.count > shown { text += ", … (\(facts.count))" }
    return "  " + title + String(repeating: " ", count: max(1, 10 - title.count)) + text
  }

  private var comparison: RecordedComparison { RecordedComparison(loaded, result, showsAll: showsAll) }
}
