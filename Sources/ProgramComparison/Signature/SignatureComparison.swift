import ExportedPrograms
import FX

/// How callers of two programs nest arguments and find results, and what becomes of each output.
struct SignatureComparison {
  private(set) var nesting: [ProgramDifference.NestingDifference] = []
  private(set) var outputs: [ProgramDifference.OutputDifference] = []

  /// `names` are A's names of weights and inputs with B's, where they differ.
  init(_ a: ExportedProgram, _ b: ExportedProgram, names: [ProgramDifference.Pair]) {
    let names = names.namesInB
    if let mine = a.moduleCallGraph.first?.signature, let other = b.moduleCallGraph.first?.signature {
      let specs = [("arguments", mine.inSpec, other.inSpec), ("results", mine.outSpec, other.outSpec)]
      for (what, mine, other) in specs where mine.spec != other.spec {
        nesting.append(.init(what: what, a: mine.spec.description, b: other.spec.description))
      }
    }
    let (mine, others) = (a.signature.outputSpecs, b.signature.outputSpecs)
    for place in 0..<Swift.max(mine.count, others.count) {
      let x = place < mine.count ? mine[place].told(names) : nil
      let y = place < others.count ? others[place].told([:]) : nil
      if x != y { outputs.append(.init(place: place, a: x, b: y)) }
    }
  }
}

extension OutputSpec {
  /// `userOutput`, or `bufferMutation of count`, with a target of A by its name in B.
  fileprivate func told(_ names: [String: String]) -> String {
    let kind = if case .unknown(let name) = kind { name } else { "\(kind)" }
    return target.map { "\(kind) of \(names[$0] ?? $0)" } ?? kind
  }
}
