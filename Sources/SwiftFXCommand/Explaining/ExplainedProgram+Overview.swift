import SwiftFX

extension ExplainedProgram {
  /// All symbols in short, dims that became numbers, and the asserts that others imply.
  var overview: Explanation {
    let renamed = Set(result.renamings.map(\.renaming.from))
    var result = Explanation(
      "program", loaded.name, title: "PyTorch \(loaded.exported.torchVersion), \(graph.nodes.count) nodes")
    addStop(to: &result)
    let symbols = shapes.symbols.filter { !renamed.contains($0) }
    result.add("symbols", symbols.filter { !shapes.isReplaced($0) }.map(summary))
    result.add("fixed", symbols.compactMap(specialisation))
    result.add(
      "guards",
      shapes.guards.map { taken in
        Explanation.Entry(shapes.text(raw: taken.expression), place: context.provenance(of: taken.origin))
      })
    let implied = impliedAsserts
    let asserts = shapes.runtimeAsserts.enumerated()
    func entry(_ index: Int, _ fact: RuntimeAssert) -> Explanation.Entry {
      Explanation.Entry(
        shapes.text(raw: fact.expression), place: context.provenance(of: fact.origin),
        notes: implied[index].map(notes) ?? [])
    }
    result.add(
      "asserts", asserts.filter { implied[$0.offset] == nil }.map { entry($0.offset, $0.element.assert) })
    result.add(
      "implied", asserts.filter { implied[$0.offset] != nil }.map { entry($0.offset, $0.element.assert) })
    return result
  }

  /// Says where the run stopped, when it did.
  func addStop(to explanation: inout Explanation) {
    guard let error = result.error else { return }
    explanation.add(
      "stopped",
      Explanation.Entry(error.message, because: "what follows is known up to there", place: error.provenance))
  }
}
