import SwiftFX

extension ExplainedProgram {
  /// The birth, names, range, guards and asserts of a symbol, and the shapes that depend on it.
  ///
  /// A symbol named inside a nested graph is explained under the name that the run gave it.
  func explanation(of subject: SymExpr.Symbol) -> Explanation {
    let symbol = names.nameInRun(of: subject) ?? subject
    let story = SymbolStory(of: symbol, in: context, names: names)
    var result = Explanation("symbol", shapes.arena.name(of: subject), title: title(of: symbol, story))
    addCaution(to: &result)
    if let spelling = names.spelling(of: symbol) {
      result.add("read as", Explanation.Entry(spelling.text))
    }
    result.add("born at", birth(of: symbol, story))
    if let environment = loaded.environment,
      let logged = environment.symbol(shapes.arena.name(of: subject))
    {
      result.add("logged", ExplainedLog(environment: environment).entries(about: logged))
    }
    if let replacement = story.replacement {
      let isConstant = !shapes.arena.hasSymbols(replacement.target)
      result.add(
        isConstant ? "fixed to" : "equals", entry(shapes.text(raw: replacement.target), replacement.cause))
    }
    let nested =
      symbol == subject
      ? [] : [Explanation.Entry(story.name, because: "this run's name", place: story.maker)]
    result.add("other names", nested + otherNames(story))
    result.add("range", range(of: symbol, story))
    result.add(
      "divisible",
      story.divisibility.map { entry("\(shapes.text(of: $0.remainder)) == 0", $0.cause) })
    result.add("history", history(of: symbol))
    result.add("guards", conditions(story, areGuards: true))
    result.add("asserts", conditions(story, areGuards: false))
    result.add("inputs", demands(on: symbol, birth: story.binding))
    // What is an assert or a guard already is not said again.
    let told = Set(story.conditions.map { text(of: $0.expression) })
    result.add("checked by", checks(of: subject, symbol).filter { !told.contains($0.text) })
    result.add("shapes", shapesThatMention(subject, symbol))
    return result
  }

  private func title(of symbol: SymExpr.Symbol, _ story: SymbolStory) -> String {
    let what =
      switch shapes.symbolKind(symbol) {
      case .backedSize where story.binding?.path.isEmpty == false: "a size of the input"
      case .backedSize: "a number of the input"
      case .backedNumber: "a number of the input"
      case .unbackedInt:
        shapes.isSizeLike(symbol)
          ? "an unbacked (data-dependent) size" : "an unbacked (data-dependent) integer"
      case .unbackedFloat: "an unbacked (data-dependent) float"
      }
    let example = shapes.hint(of: symbol).map { ", \($0) in the example" } ?? ""
    return "\(what), \(shapes.rangeText(of: symbol))\(example)"
  }

  private func birth(of symbol: SymExpr.Symbol, _ story: SymbolStory) -> Explanation.Entry {
    if let binding = story.binding {
      return Explanation.Entry(
        "\(binding.place.qualifiedName)\(shapes.pathText(binding.path))", because: binding.place.operatorName,
        place: binding.place)
    }
    if let maker = story.maker {
      return Explanation.Entry(maker.qualifiedName, because: maker.operatorName, place: maker)
    }
    return Explanation.Entry("nowhere in the program", because: "the archive only names it")
  }

  /// The other names of this value, with the node that established each.
  private func otherNames(_ story: SymbolStory) -> [Explanation.Entry] {
    story.otherNames.map { other, cause in
      let maker = context.provenance(of: shapes.birth(of: other))
      return Explanation.Entry(
        shapes.arena.name(of: other), because: maker == nil ? "the archive's name" : "this run's name",
        place: cause.provenance)
    }
  }

  private func range(of symbol: SymExpr.Symbol, _ story: SymbolStory) -> [Explanation.Entry] {
    let facts = story.rangeFacts(in: shapes, kernels)
    let entries =
      facts.isEmpty ? [Explanation.Entry(shapes.rangeText(of: symbol))] : facts.map { Explanation.Entry($0) }
    guard let following = equations[symbol] else { return entries }
    return entries + [
      Explanation.Entry(
        ShapeEnv.text(of: following.range), because: "follows from \(shapes.text(raw: following.equation))",
        place: context.provenance(of: following.origin))
    ]
  }

  /// Every step that narrowed the range, if there was more than one.
  private func history(of symbol: SymExpr.Symbol) -> [Explanation.Entry] {
    let steps = shapes.history.filter { learnt in
      if case .range(symbol, _) = learnt.fact { true } else { false }
    }
    guard steps.count > 1 else { return [] }
    return steps.compactMap { learnt in
      guard case .range(_, let range) = learnt.fact else { return nil }
      return entry(ShapeEnv.text(of: range), SymbolStory.Cause(learnt.reason, in: context))
    }
  }

  private func conditions(_ story: SymbolStory, areGuards: Bool) -> [Explanation.Entry] {
    let implied = areGuards ? [:] : impliedAsserts
    let needs = areGuards ? nil : assertNeeds
    return story.conditions.compactMap { condition in
      switch condition.kind {
      case .guardTaken(let index) where areGuards:
        return Explanation.Entry(
          text(of: condition.expression), because: isChoiceOfKernel(index) ? KernelChoices.remark : "",
          place: condition.provenance)
      case .runtimeAssert(let index) where !areGuards:
        return Explanation.Entry(
          text(of: condition.expression), place: condition.provenance,
          notes: needs.notes(condition.expression, shapes) + (implied[index].map(notes) ?? []))
      default: return nil
      }
    }
  }

  /// Whether a guard only chooses a kernel, by its place in the environment.
  func isChoiceOfKernel(_ index: Int) -> Bool {
    let taken = shapes.guards[index]
    return kernels.contains(taken.expression, at: taken.origin)
  }

  /// Which calls need the asserts; `nil` when there are none, or the program cannot run without them.
  var assertNeeds: AssertNeeds? {
    shapes.runtimeAsserts.isEmpty ? nil : try? AssertNeeds(loaded.exported)
  }

  /// The asserts that others imply, by position, each with its proof.
  var impliedAsserts: [Int: ShapeEnv.Proof] {
    Dictionary(shapes.impliedAsserts().map { ($0.index, $0.proof) }, uniquingKeysWith: { first, _ in first })
  }

  /// The premises of a proof, one per line.
  func notes(_ proof: ShapeEnv.Proof) -> [Explanation.Entry] {
    if proof.premises.isEmpty { return [Explanation.Entry("follows from arithmetic alone")] }
    return [
      Explanation.Entry("follows from", notes: proof.premises.map { Explanation.Entry(context.text(of: $0)) })
    ]
  }

  /// A condition in current names; one that has become certain is shown as it was recorded.
  func text(of condition: SymExpr) -> String {
    let resolved = shapes.resolve(condition)
    return shapes.text(raw: shapes.arena.hasSymbols(resolved) ? resolved : condition)
  }
}
