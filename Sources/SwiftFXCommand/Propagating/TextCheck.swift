import SwiftFX

/// What a text cannot say if PyTorch printed it: an operator that does not exist, a size that the arguments of a call
/// contradict.
///
/// Such a text was changed by hand or put together of two.
struct TextCheck {
  private let loaded: LoadedProgram
  private let text: TextProgram

  init(_ loaded: LoadedProgram, _ text: TextProgram) {
    self.loaded = loaded
    self.text = text
  }

  /// Refuses a text that PyTorch cannot have printed, as `propagate` does.
  ///
  /// The program is made and propagated once more, so that what the command does with its own spends no budget and finds no
  /// symbol that was made before.
  ///
  /// - Throws: ``ModelError`` at the place in the text, ``PropagationError``.
  static func refuse(_ text: TextProgram, of document: LoadedDocument) throws {
    let trial = try LoadedProgram(text, of: document)
    let result = trial.context.propagate(trial.program.inputs)
    if let error = TextCheck(trial, text).error(in: result) { throw ModelError(document.path, error) }
  }

  private var graph: Graph { text.exported.graphModule.graph }

  /// The first contradiction between the text and the result of its propagation.
  func error(in result: Propagation) -> TextError? {
    if let error = result.error { return unknownAttribute(error) ?? unknownOperator(error) }
    for node in graph.nodes {
      guard let value = result.values[node], let recorded = loaded.program.recordedValue(of: node, in: ""),
        contradict(recorded, value), let places = text.places[""]
      else { continue }
      return TextError(
        .contradiction(
          node: graph.name(of: node), recorded: shapes.shortText(of: recorded) ?? "another value",
          found: shapes.shortText(of: value) ?? "another value"),
        at: places.annotation(of: node) ?? places.name(of: node) ?? text.position)
    }
    return nil
  }

  private var shapes: ShapeEnv { loaded.program.shapes }

  /// Whether no input makes both values one.
  private func contradict(_ recorded: FakeValue, _ found: FakeValue) -> Bool {
    switch (recorded, found) {
    case (.tensor(let a), .tensor(let b)):
      a.dtype != b.dtype || a.rank != b.rank
        || zip(a.sizes, b.sizes).contains { contradict($0, $1) }
    case (.symInt(let a), .symInt(let b)): contradict(a, b)
    case (.tensor, .symInt), (.symInt, .tensor): true
    default: false
    }
  }

  private func contradict(_ a: SymInt, _ b: SymInt) -> Bool {
    guard let a = shapes.resolve(a).constant, let b = shapes.resolve(b).constant else { return false }
    return a != b
  }

  /// The error for an attribute that the text does not hold.
  private func unknownAttribute(_ error: PropagationError) -> TextError? {
    guard case .noAttribute(let name) = error.kind,
      let node = error.node.flatMap({ graph.node(named: $0) }), let place = text.places[""]?.target(of: node)
    else { return nil }
    return TextError(.unknownAttribute(name), at: place)
  }

  /// The error for an operator of a namespace of PyTorch's that has no such name.
  private func unknownOperator(_ error: PropagationError) -> TextError? {
    guard case .unsupportedOperators(let operators) = error.kind else { return nil }
    for unsupported in operators {
      guard let name = OperatorName(unsupported.target), SchemaTable.namespaces.contains(name.namespace),
        SchemaTable.schema(for: name) == nil,
        let node = unsupported.nodes.first.flatMap({ graph.node(named: $0) }),
        let place = text.places[""]?.target(of: node)
      else { continue }
      return TextError(
        .unknownOperator(
          unsupported.target, nearest: SchemaTable.nearest(to: name, limit: 1).first?.description),
        at: place)
    }
    return nil
  }
}
