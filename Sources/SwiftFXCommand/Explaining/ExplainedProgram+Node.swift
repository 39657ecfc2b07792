import SwiftFX

extension ExplainedProgram {
  /// A node's value, the origin of its symbols, and the facts that the node established.
  func explanation(of node: Node, at path: String) -> Explanation {
    let module = loaded.exported.graphModule.namedModules.first { $0.name == path }?.value
    let graph = module?.graph ?? graph
    let place = Provenance(node, of: graph, at: path)
    var result = Explanation(
      "node", place?.qualifiedName ?? graph.name(of: node), title: graph.operatorName(of: node))
    addCaution(to: &result)
    if let frame = place?.frame {
      result.add(
        "source", Explanation.Entry("\(frame.file):\(frame.line) in \(frame.function)", because: frame.code))
    }
    let recorded = loaded.program.recordedValue(of: node, in: path)
    let value = value(of: node, in: path)
    result.add("value", value.map { [Explanation.Entry(text(of: $0))] } ?? [])
    if path.isEmpty, let value, let recorded { addRecorded(recorded, value, to: &result) }
    if path.isEmpty { result.add("constant", constants(ofInput: graph.name(of: node))) }
    result.add("given", inputs(of: node, in: graph, at: path))
    result.add("symbols", symbols(in: value))
    if path.isEmpty { result.add("numbers", numbers(in: value, of: node)) }
    addLearnt(at: node, path, to: &result)
    result.add(
      "used by",
      graph.users(of: node).map { Explanation.Entry(graph.name(of: $0), because: graph.operatorName(of: $0)) }
    )
    return result
  }

  private func text(of value: FakeValue) -> String {
    let text = shapes.shortText(of: value) ?? "None"
    guard case .tensor(let tensor) = value, tensor.layout == .strided else { return text }
    let offset = tensor.storageOffset == 0 ? "" : ", offset \(shapes.text(of: tensor.storageOffset))"
    return "\(text), strides \(shapes.shortText(of: tensor.strides))\(offset)"
  }

  /// The recorded value, if it differs; explains each dim that was a symbol there and is a number here.
  private func addRecorded(_ recorded: FakeValue, _ value: FakeValue, to result: inout Explanation) {
    if RecordedComparison.agree(recorded, value, shapes) {
      let symbols = Set(recorded.symbolicExpressions.flatMap { shapes.arena.freeSymbols(of: $0) }).sorted()
      result.add("fixed", symbols.compactMap(specialisation))
    } else {
      result.add("recorded", Explanation.Entry(text(of: recorded), because: "differs"))
    }
  }

  /// The fact that a symbol became a number, and why.
  func specialisation(of symbol: SymExpr.Symbol) -> Explanation.Entry? {
    let story = SymbolStory(of: symbol, in: context, names: names)
    guard let replacement = story.replacement, !shapes.arena.hasSymbols(replacement.target) else {
      return nil
    }
    return entry("\(story.name) is \(shapes.text(raw: replacement.target))", replacement.cause)
  }

  private func inputs(of node: Node, in graph: Graph, at path: String) -> [Explanation.Entry] {
    graph.inputs(of: node).map { input in
      let value = value(of: input, in: path)
      return Explanation.Entry(
        "\(graph.name(of: input))   \(value.map { shapes.shortText(of: $0) ?? "None" } ?? "no value")",
        because: graph.operatorName(of: input))
    }
  }

  /// Where the numbers among the sizes of a value arose.
  private func numbers(in value: FakeValue?, of node: Node) -> [Explanation.Entry] {
    if graph.op(of: node) == .placeholder { return [] }
    var numbers: Set<Int> = []
    value?.forEachTensor { tensor in numbers.formUnion(tensor.sizes.compactMap(\.constant)) }
    return numbers.filter { $0 > 1 }.sorted().compactMap { number in
      NumberSource.source(of: number, at: node, of: loaded.program).map {
        Explanation.Entry($0.text, place: $0.place)
      }
    }
  }

  /// The origin of each symbol of a value.
  private func symbols(in value: FakeValue?) -> [Explanation.Entry] {
    let expressions = value?.symbolicExpressions.map { shapes.resolve($0) } ?? []
    return Set(expressions.flatMap { shapes.arena.freeSymbols(of: $0) }).sorted().map { symbol in
      let known = names.nameInRun(of: symbol) ?? symbol
      let text = "\(shapes.arena.name(of: symbol))   \(shapes.rangeText(of: known))"
      guard let binding = names.binding(of: symbol) else {
        let maker = context.provenance(of: shapes.birth(of: symbol))
        return Explanation.Entry(
          text, because: maker.map { "made by \($0.qualifiedName)" } ?? "", place: maker)
      }
      return Explanation.Entry(
        text + (known == symbol ? "" : "   \(shapes.arena.name(of: known)) in this run"),
        because: "\(binding.place.qualifiedName)\(shapes.pathText(binding.path))", place: binding.place)
    }
  }

  /// The guards, asserts and facts that this node caused.
  private func addLearnt(at node: Node, _ path: String, to result: inout Explanation) {
    func isHere(_ origin: ShapeEnv.Origin) -> Bool {
      guard origin.step == node.index, let place = context.provenance(of: origin) else { return false }
      return place.modulePath == path
    }
    result.add(
      "guards",
      shapes.guards.filter { isHere($0.origin) }.map { Explanation.Entry(shapes.text(raw: $0.expression)) })
    let implied = impliedAsserts
    result.add(
      "asserts",
      shapes.runtimeAsserts.enumerated().filter { isHere($0.element.assert.origin) }.map { index, fact in
        Explanation.Entry(
          shapes.text(raw: fact.assert.expression), because: fact.assert.message,
          notes: implied[index].map(notes) ?? [])
      })
    result.add("learnt", shapes.history.filter { isHere($0.reason.origin) }.map(learnt))
  }

  private func learnt(_ learning: Learning) -> Explanation.Entry {
    let because = shapes.text(of: learning.reason, context.provenance(of: learning.reason.origin))
    func name(_ symbol: SymExpr.Symbol) -> String { shapes.arena.name(of: symbol) }
    switch learning.fact {
    case .range(let symbol, let range):
      return Explanation.Entry("\(name(symbol)) in \(ShapeEnv.text(of: range))", because: because)
    case .replacement(let symbol, let target):
      return Explanation.Entry("\(name(symbol)) == \(shapes.text(raw: target))", because: because)
    case .renaming(let renaming):
      return Explanation.Entry(
        "\(name(renaming.from)) is \(name(renaming.to))", because: "found where the program binds it")
    case .divisible(let remainder):
      return Explanation.Entry("\(shapes.text(raw: remainder)) == 0", because: because)
    }
  }
}
