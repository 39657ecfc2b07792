import SwiftFX

extension ExplainedProgram {
  /// The input sizes that are constants in this program, with the facts that fix them; for one input or for all.
  func constants(ofInput name: String? = nil) -> [Explanation.Entry] {
    if let name, !loaded.exported.signature.userInputs.contains(name) { return [] }
    let constants: [ConstantSize]
    do { constants = try ConstantSize.all(in: loaded.exported) } catch {
      return [Explanation.Entry("not found out", because: "\(error)")]
    }
    return constants.filter { name == nil || $0.input == name }.map { constant in
      let text = "\(constant.name) = \(constant.value)"
      switch constant.cause {
      case .needed(let demand, let place), .tied(let demand, let place):
        return Explanation.Entry(
          text, because: demand, place: place,
          notes: constant.sources.map { Explanation.Entry($0.text, place: $0.place) })
      case .exporter:
        return Explanation.Entry(text, because: "no node needs it: the example fixed it, or an if")
      case .unknown:
        return Explanation.Entry(text, because: "not found out: some nodes cannot be propagated")
      }
    }
  }
}
