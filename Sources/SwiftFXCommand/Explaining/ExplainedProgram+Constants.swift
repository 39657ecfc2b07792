import SwiftFX

extension ExplainedProgram {
  /// Sizes of inputs that are numbers in this program, with what ties them down: those of one input, or all.
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
        return Explanation.Entry(text, because: demand, place: place)
      case .exporter:
        return Explanation.Entry(text, because: "no node needs it: the example fixed it, or an if")
      case .unknown:
        return Explanation.Entry(text, because: "not found out: some nodes cannot be propagated")
      }
    }
  }
}
