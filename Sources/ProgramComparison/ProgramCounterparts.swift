public import ExportedPrograms
public import FX

/// Which inputs and nodes of two programs stand for each other, matched as ``ProgramDifference`` matches them.
public struct ProgramCounterparts: Sendable {
  /// The names of the inputs that a caller gives.
  public let inputs: [ProgramDifference.Pair]
  /// The nodes of the programs' own graphs, in the order of A.
  public let nodes: [(a: Node, b: Node)]

  /// Matches two programs.
  ///
  /// - Throws: ``PropagationError``, ``ArchiveError`` or `TensorFileError` when an expression or the weights cannot be
  ///   read.
  public init(_ a: ExportedProgram, _ b: ExportedProgram) throws {
    let (a, b) = (try ComparedProgram(a), try ComparedProgram(b))
    let (moduleA, moduleB) = (a.exported.graphModule, b.exported.graphModule)
    let matched = InputMatching(a, b).pairs
    inputs = matched.map { .init(a: moduleA.graph.name(of: $0.0), b: moduleB.graph.name(of: $0.1)) }
    let matching = NodeMatching.inOneOrder(
      moduleA, moduleB, inputs: StateComparison(a, b).pairs + matched, StructureClasses(),
      isTurned: moduleB.graph.precedes(moduleA.graph))
    nodes = moduleA.graph.nodes.compactMap { node in matching.toB[node].map { (node, $0) } }
  }
}
