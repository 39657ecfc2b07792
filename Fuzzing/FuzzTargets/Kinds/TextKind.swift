import SwiftFX

extension FuzzKind {
  static let texts = FuzzKind("texts", "what PyTorch prints and logs") { choices in
    var text = choices.shuffledLines(choices.pick(FuzzSamples.texts))
    if choices.chance(200) { text = choices.damaged(text) }
    guard let document = try? GraphDocument(bytes: text) else { return text.count }
    for text in document.programs where text.inputsWithoutValue.isEmpty {
      guard let (program, _) = try? FakeProgram.withExampleSizes(text.exported, table: .aten) else {
        continue
      }
      let context = program.context(table: .aten)
      FuzzUse.texts(of: context.propagate(program.inputs), context)
    }
    return text.count
  }
}
