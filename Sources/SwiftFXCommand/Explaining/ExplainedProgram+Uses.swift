import SwiftFX

/// Where a program uses a symbol: in the checks and shapes of all its graphs, and in its constraints on inputs.
///
/// In nested graphs the archive may use a different name than the run does; both count.
extension ExplainedProgram {
  /// The nodes that check a condition on the symbol in every run.
  func checks(of subject: SymExpr.Symbol, _ symbol: SymExpr.Symbol) -> [Explanation.Entry] {
    uses { node, graph, path in
      let assertion = Assertion(target: graph.target(of: node).text)
      guard let assertion, graph.op(of: node) == .callFunction,
        case .node(let input)? = graph.args(of: node).first,
        let expression = value(of: input, in: path)?.symbolicExpressions.first,
        shapes.mentions(expression, symbol) || shapes.mentions(expression, subject)
      else { return nil }
      let place = Provenance(node, of: graph, at: path)
      switch assertion.subject {
      case .condition: return Explanation.Entry(text(of: expression), place: place)
      case .range:
        return Explanation.Entry(
          "\(text(of: expression)) in \(Self.constrainedRange(by: node, in: graph))", place: place)
      case .elements, .metadata: return nil
      }
    }
  }

  /// The range, such as `0 … 64`, to which a node constrains a number.
  private static func constrainedRange(by node: Node, in graph: Graph) -> String {
    func end(_ name: String) -> String? {
      guard case .int(let value)? = graph.kwargs(of: node).first(where: { $0.name == name })?.value else {
        return nil
      }
      return "\(value)"
    }
    let isSize = graph.target(of: node).text.contains("for_size")
    return "\(end("min") ?? (isSize ? "0" : "-∞")) … \(end("max") ?? "∞")"
  }

  /// The nodes whose value contains the symbol.
  func shapesThatMention(_ subject: SymExpr.Symbol, _ symbol: SymExpr.Symbol) -> [Explanation.Entry] {
    uses { node, graph, path in
      guard graph.op(of: node) != .output, let value = value(of: node, in: path),
        value.symbolicExpressions.contains(where: {
          shapes.mentions($0, symbol) || shapes.mentions($0, subject)
        })
      else { return nil }
      let name = path.isEmpty ? graph.name(of: node) : "\(path).\(graph.name(of: node))"
      return Explanation.Entry(
        "\(name)   \(shapes.shortText(of: value) ?? "None")", because: graph.operatorName(of: node))
    }
  }

  private func uses(
    _ entry: (_ node: Node, _ graph: Graph, _ path: String) -> Explanation.Entry?
  ) -> [Explanation.Entry] {
    loaded.exported.graphModule.namedModules.flatMap { module in
      module.value.graph.nodes.compactMap { entry($0, module.value.graph, module.name) }
    }
  }

  /// The constraints on inputs that involve the symbol: sizes derived from it, and the exporter's guards.
  func demands(on symbol: SymExpr.Symbol, birth: AuthorNames.Spelling?) -> [Explanation.Entry] {
    let rules = SizeRules(loaded.program, context)
    guard let handle = rules.shapes.arena.symbol(named: shapes.arena.name(of: symbol)),
      let own = rules.shapes.arena.asSymbol(handle)
    else { return [] }
    return rules.constraints.compactMap { constraint in
      guard let condition = constraint.condition, rules.shapes.arena.contains(condition, own),
        let origin = constraint.origins.first(where: { isOfInputs($0) && !isBirth($0, birth) })
      else { return nil }
      let text = rules.shapes.arena.pythonText(of: condition) { rules.shapes.arena.name(of: $0) }
      return Explanation.Entry(text, because: "\(origin)")
    }
  }

  private func isOfInputs(_ origin: ConstraintOrigin) -> Bool {
    switch origin {
    case .input, .exporterGuard: true
    case .range, .node, .refusal: false
    }
  }

  private func isBirth(_ origin: ConstraintOrigin, _ birth: AuthorNames.Spelling?) -> Bool {
    guard let birth, case .input(birth.place.nodeName, let dim) = origin else { return false }
    if case .sequence(let index)? = birth.path.last { return dim == index }
    return dim == nil
  }
}
