public import SwiftFX

/// A generated program of any length, to measure how propagation scales.
public struct SyntheticProgram {
  /// The name of its family.
  public let name: String
  /// The graph.
  public let graph: Graph
  /// The mode that its tensors belong to.
  public let mode: FakeTensorMode
  /// The values of the placeholders.
  public let inputs: [FakeValue]
  let facts: SyntheticFacts

  /// The context for running the program, or an edited copy of its graph.
  public func context(for graph: Graph? = nil) -> PropagationContext {
    PropagationContext(GraphModule(graph ?? self.graph), mode: mode, table: .aten, facts: facts)
  }
}

/// The symbols that the nodes of a synthetic program bind.
final class SyntheticFacts: ProgramFacts {
  var symbols: [Node: [UnbackedBinding]] = [:]

  func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    path.isEmpty ? symbols[node] ?? [] : []
  }
  func recordedValue(of node: Node, in path: String) -> FakeValue? { nil }
  func attribute(_ name: String, in path: String) -> FakeValue? { nil }
}

/// A family of programs of the same form and any length.
public struct SyntheticFamily: Sendable {
  /// The name of the family.
  public let name: String
  /// Creates a program of about this many nodes, at least one block.
  public let program: @Sendable (_ nodes: Int) -> SyntheticProgram

  init(_ name: String, _ build: @escaping @Sendable (_ nodes: Int, inout SyntheticBuilder) -> Void) {
    self.name = name
    program = { nodes in
      var builder = SyntheticBuilder()
      build(nodes, &builder)
      return builder.program(name)
    }
  }

  /// All families whose programs can have any number of nodes.
  public static let all: [SyntheticFamily] = [
    .elementwise, .transformer, .dataDependent, .floorDivisions, .wideSum, .guardsOnOneDim, .deferredAsserts,
  ]
}
