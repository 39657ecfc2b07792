import ExportedPrograms
import FX

/// Which inputs of a program's graph are parameters, buffers and constants.
struct ProgramWeights {
  private let names: Set<String>

  init(_ program: ExportedProgram) {
    names = Set(
      program.signature.inputSpecs.lazy.filter {
        switch $0.kind {
        case .parameter, .buffer, .constantTensor: true
        case .userInput, .customObject, .token, .unknown: false
        }
      }.compactMap(\.argument.name))
  }

  func contains(_ node: Node, in graph: Graph) -> Bool { names.contains(graph.name(of: node)) }
}
