import SwiftFX

extension ExplainedProgram {
  /// All symbols in brief, the dims that became numbers, and the asserts that others imply.
  var overview: Explanation {
    let renamed = Set(result.renamings.map(\.renaming.from))
    var result = Explanation(
      "program", loaded.name, title: "PyTorch \(loaded.exported.torchVersion), \(graph.nodes.count) nodes")
    if !findings.isEmpty {
      result.add("findings", findings.map { Explanation.Entry($0.headline, place: $0.provenance) })
      addCaution(to: &result)
    }
    let mentioned = self.result.mentionedSymbols(in: graph, shapes)
    let symbols = shapes.symbols.filter { symbol in
      if renamed.contains(symbol) || names.isNameInRun(symbol) { return false }
      return names.nameInRun(of: symbol) != nil || names.binding(of: symbol) != nil
        || mentioned.contains(symbol)
    }
    result.add("symbols", symbols.filter { !shapes.isReplaced($0) }.map(summary))
    result.add("fixed", symbols.compactMap(specialisation))
    result.add("constant", constants())
    let guards = InformativeGuards(loaded.program, context)
    result.add(
      "guards",
      guards.taken.map { index in
        Explanation.Entry(
          shapes.text(raw: shapes.guards[index].expression),
          because: isChoiceOfKernel(index) ? KernelChoices.remark : "",
          place: context.provenance(of: shapes.guards[index].origin))
      })
    result.add(
      "exporter",
      guards.exporter.map { Explanation.Entry($0, because: "decided by the example that was exported") })
    let implied = impliedAsserts
    let asserts = shapes.runtimeAsserts.enumerated()
    let needs = assertNeeds
    func entry(_ index: Int, _ fact: RuntimeAssert) -> Explanation.Entry {
      Explanation.Entry(
        shapes.text(raw: fact.expression), place: context.provenance(of: fact.origin),
        notes: needs.notes(fact.expression, shapes) + (implied[index].map(notes) ?? []))
    }
    result.add(
      "asserts", asserts.filter { implied[$0.offset] == nil }.map { entry($0.offset, $0.element.assert) })
    result.add(
      "implied", asserts.filter { implied[$0.offset] != nil }.map { entry($0.offset, $0.element.assert) })
    return result
  }

  /// If a run stops at an error, says so and how far the rest of the explanation holds.
  func addCaution(to explanation: inout Explanation) {
    guard !findings.isEmpty else { return }
    let stops = findings.count == 1 ? "a finding" : "\(findings.count) findings"
    explanation.add(
      "note",
      Explanation.Entry(
        "a run stops at \(stops); what follows comes from one that goes on",
        because: "propagate --keep-going shows how"))
  }
}
