import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// Describes the events of a survey, each with the facts known at that point.
struct FindingWriter {
  let context: PropagationContext
  let names: AuthorNames
  private var identifiers = SiteIdentifier()

  /// Creates a writer for the last run.
  init(_ context: PropagationContext, _ run: SurveyRun) {
    self.context = context
    names = AuthorNames(context, values: run.propagation.values, fresh: run.propagation.fresh)
  }

  var shapes: ShapeEnv { context.mode.shapes }

  mutating func finding(for event: SurveyEvent) -> Finding {
    switch event {
    case .question(let question): finding(for: question)
    case .failure(let failure): finding(for: failure)
    case .unsupported(let what, let nodes, let reached): finding(for: what, nodes, reached)
    }
  }

  // Questions

  private mutating func finding(for question: OpenQuestion) -> Finding {
    context.revisit(question.state)
    let provenance = context.provenance(of: question.origin)
    let normal = SiteIdentifier.normalForm(of: shapes.resolve(question.expression), shapes) { anonymous($0) }
    let (kind, answer): (Finding.Kind, String) =
      switch question.answer {
      case .truth(let truth): (.decision, truth ? "True" : "False")
      case .integer(let value): (.integer, "\(value)")
      }
    let form = shapes.simplify(question.expression)
    let (whenTrue, whenFalse) = branches(question, form)
    return Finding(
      kind: kind, identifier: identifiers.identifier(kind, provenance, normal),
      message: question.error.message,
      question: Finding.Question(
        written: shapes.text(of: question.expression), simplified: shapes.text(of: form),
        inAuthorsNames: names.text(of: form, before: question.origin),
        symbols: symbols(of: question).map { facts(of: $0, before: question.origin) },
        whenTrue: whenTrue, whenFalse: whenFalse, fixes: []),
      nodes: provenance.map { [$0] } ?? [], continuation: .assumed(answer), details: [])
  }

  /// A symbol written as the value that binds it, without any number.
  private func anonymous(_ symbol: SymExpr.Symbol) -> String {
    guard let binding = names.binding(of: symbol) else { return "?" }
    let isInput = binding.place.operatorName == "input"
    return (isInput ? binding.place.nodeName : binding.place.operatorName) + shapes.pathText(binding.path)
  }

  private func symbols(of question: OpenQuestion) -> [SymExpr.Symbol] {
    let (written, simplified) = (shapes.resolve(question.expression), shapes.simplify(question.expression))
    return Set(shapes.arena.freeSymbols(of: written)).union(shapes.arena.freeSymbols(of: simplified)).sorted()
  }

  private func facts(of symbol: SymExpr.Symbol, before origin: ShapeEnv.Origin) -> Finding.SymbolFacts {
    let story = SymbolStory(of: symbol, in: context, names: names)
    return Finding.SymbolFacts(
      name: story.name, spelling: names.spelling(of: symbol, before: origin)?.text,
      birth: story.binding?.place ?? story.maker, path: story.binding.map { shapes.pathText($0.path) } ?? "",
      range: shapes.rangeText(of: symbol),
      facts: story.rangeFacts(in: shapes) + story.relationFacts(in: shapes))
  }

  /// Values for which the condition holds and others for which it does not; for a number, two of its values.
  private func branches(
    _ question: OpenQuestion, _ form: SymExpr
  ) -> (whenTrue: Finding.Branch, whenFalse: Finding.Branch) {
    var condition = form
    if case .integer(let value) = question.answer {
      condition = shapes.arena.eq(form, shapes.arena.integer(value))
    }
    let symbols = symbols(of: question)
    return (branch(condition, symbols), branch(shapes.arena.not(condition), symbols))
  }

  private func branch(_ condition: SymExpr, _ symbols: [SymExpr.Symbol]) -> Finding.Branch {
    switch shapes.assignment(where: [SymBool(condition)]) {
    case .found(let assignment):
      return .example(
        symbols.compactMap { symbol in
          shapes.value(of: shapes.arena.handle(of: symbol), under: assignment).map {
            (shapes.arena.name(of: symbol), $0.description)
          }
        })
    case .impossible: return .impossible(because: ["every assignment that the facts allow was tried"])
    case .notFound:
      guard let proof = shapes.prove(SymBool(condition)), !proof.holds else { return .notFound }
      return .impossible(because: proof.premises.map { context.text(of: $0).text })
    }
  }

  // Failures

  private mutating func finding(for failure: NodeFailure) -> Finding {
    let error = failure.error
    return Finding(
      kind: .failure, identifier: identifiers.identifier(.failure, error.provenance, error.message),
      message: error.message, question: nil, nodes: error.provenance.map { [$0] } ?? [],
      continuation: failure.hasStandIn ? .recordedValue : .skipped, details: error.details)
  }

  /// The finding for a missing rule, with all nodes that need it.
  private mutating func finding(
    for what: String, _ nodes: [Provenance], _ reached: [NodeFailure]
  ) -> Finding {
    let haveStandIns = reached.count == nodes.count && reached.allSatisfy(\.hasStandIn)
    return Finding(
      kind: .unsupported, identifier: identifiers.identifier(.unsupported, nil, what), message: what,
      question: nil, nodes: nodes, continuation: haveStandIns ? .recordedValue : .skipped,
      details: (reached.first?.error.details ?? []).filter { $0.label == "hint" })
  }

  // Checks

  /// The node after which all of `condition` can be read.
  func place(
    of condition: SymExpr, before origin: ShapeEnv.Origin
  ) -> (origin: ShapeEnv.Origin, provenance: Provenance?)? {
    var last: (origin: ShapeEnv.Origin, provenance: Provenance?)?
    for symbol in shapes.arena.freeSymbols(of: shapes.resolve(condition)) {
      let spelling = names.spelling(of: symbol, before: origin)
      let birth = shapes.birth(of: symbol)
      guard let place = spelling?.origin ?? (birth == .input ? nil : birth) else { continue }
      if let known = last?.origin, !names.isLater(place, than: known) { continue }
      last = (place, spelling?.place ?? context.provenance(of: place))
    }
    return last
  }

  /// A check of `condition` as the author would write it.
  func fixText(
    _ condition: SymExpr, _ question: OpenQuestion
  ) -> (condition: String, code: String, place: Provenance?) {
    (
      shapes.text(of: condition),
      "torch._check(\(names.text(of: condition, before: question.origin, isCode: true)))",
      place(of: condition, before: question.origin)?.provenance
    )
  }

  /// Where a run stops, in one line.
  func text(of stop: SurveyRun.Stop) -> String {
    switch stop {
    case .failure(let failure): return text(of: failure)
    case .question(let question):
      context.revisit(question.state)
      let what = shapes.text(of: shapes.simplify(question.expression))
      let place = context.provenance(of: question.origin)?.shortText ?? "a node"
      return question.isNumber ? "\(place): the number \(what)" : "\(place): \(what)"
    }
  }

  /// A failure in one line.
  func text(of failure: NodeFailure) -> String {
    "\(failure.error.provenance?.shortText ?? "the program"): \(failure.error.lack ?? failure.error.message)"
  }
}
