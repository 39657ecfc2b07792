import SwiftFX

/// A program after a run, which can explain its symbols, nodes and conditions.
struct ExplainedProgram {
  let loaded: LoadedProgram
  let result: Propagation
  let names: AuthorNames
  /// The errors that would stop a run.
  let findings: [Finding]
  /// The guards that limit nothing.
  let kernels: KernelChoices
  /// What follows from equations.
  let equations: EquationRanges

  /// Runs the program to its end, past errors that would stop a run.
  init(_ loaded: LoadedProgram, _ limits: BudgetOptions) {
    self.loaded = loaded
    var options = PropagationOptions(trustsRecorded: true)
    limits.apply(to: &options)
    let plain = loaded.context.propagate(loaded.program.inputs, options: options)
    let survey = plain.error.map { _ in loaded.context.survey(loaded.program.inputs, options: options) }
    result = survey?.propagation ?? plain
    findings = survey?.findings ?? []
    names = AuthorNames(loaded.context, values: result.values, fresh: result.fresh)
    kernels = KernelChoices(loaded.context, values: result.values)
    equations = EquationRanges(loaded.program.shapes)
  }

  var shapes: ShapeEnv { loaded.program.shapes }
  var context: PropagationContext { loaded.context }
  var graph: Graph { loaded.exported.graphModule.graph }

  /// Explains `subject`: a symbol, a node or an expression, in this order; without one, the whole program.
  ///
  /// - Throws: ``ExplainError`` if the program has nothing of that name.
  func explanation(of subject: String?) throws(ExplainError) -> Explanation {
    guard let subject else { return overview }
    if let symbol = shapes.symbols.first(where: { shapes.arena.name(of: $0) == subject }) {
      return explanation(of: symbol)
    }
    if let (node, path) = node(named: subject) { return explanation(of: node, at: path) }
    let expression: SymExpr
    do { expression = try shapes.parse(subject) } catch {
      switch error.reason {
      case .unknownSymbol(let name): throw .unknown(name, nearest: nearest(to: name))
      default: throw .unreadable(subject, because: "\(error)")
      }
    }
    if let defect = shapes.arena.defect(in: expression) { throw .unreadable(subject, because: defect) }
    return explanation(of: expression, subject)
  }

  /// The value of a node: in the root graph that of the run; in a nested graph, whose values a run does not keep, the
  /// recorded one.
  func value(of node: Node, in path: String) -> FakeValue? {
    path.isEmpty ? result.values[node] : loaded.program.recordedValue(of: node, in: path)
  }

  private func node(named name: String) -> (node: Node, path: String)? {
    for module in loaded.exported.graphModule.namedModules {
      let graph = module.value.graph
      let prefix = module.name.isEmpty ? "" : module.name + "."
      guard name.hasPrefix(prefix) else { continue }
      let own = name.dropFirst(prefix.count)
      if let node = graph.nodes.first(where: { graph.name(of: $0) == own }) { return (node, module.name) }
    }
    return nil
  }

  private func nearest(to name: String) -> [String] {
    var known = shapes.symbols.map { shapes.arena.name(of: $0) }
    for module in loaded.exported.graphModule.namedModules {
      let prefix = module.name.isEmpty ? "" : module.name + "."
      known += module.value.graph.nodes.map { prefix + module.value.graph.name(of: $0) }
    }
    let tolerance = max(2, name.utf8.count / 3)
    let ranked = known.map { (distance: editDistance(Array(name.utf8), Array($0.utf8)), name: $0) }
      .filter { $0.distance <= tolerance }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return ranked.prefix(3).map(\.name)
  }

  /// A cause as an entry.
  func entry(_ text: String, _ cause: SymbolStory.Cause?) -> Explanation.Entry {
    Explanation.Entry(
      text, because: cause.map { shapes.text(of: $0.reason, $0.provenance) } ?? "", place: cause?.provenance)
  }
}

/// Why a subject cannot be explained.
enum ExplainError: Error, CustomStringConvertible {
  /// No symbol or node has this name.
  case unknown(String, nearest: [String])
  /// The text is neither a name nor an expression, or its expression has no value.
  case unreadable(String, because: String)

  var description: String {
    switch self {
    case .unknown(let name, let nearest):
      "the program has no symbol or node '\(Self.quoted(name))'"
        + (nearest.isEmpty ? "" : "\n  hint   did you mean \(nearest.joined(separator: ", "))?")
    case .unreadable(let text, let reason): "'\(Self.quoted(text))' is no expression: \(reason)"
    }
  }

  /// `text`, shortened and without characters that control a terminal, for use in a message.
  private static func quoted(_ text: String) -> String {
    let shown = text.count <= 80 ? text : text.prefix(79) + "…"
    return Escaped.line(shown)
  }
}
