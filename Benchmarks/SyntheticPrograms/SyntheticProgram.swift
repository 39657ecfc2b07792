public import SwiftFX

/// A program made by code, of any length, to see how propagation grows.
public struct SyntheticProgram {
  /// The family that it is of.
  public let name: String
  /// Its nodes.
  public let graph: Graph
  /// The world that its tensors live in.
  public let mode: FakeTensorMode
  /// The values of its placeholders.
  public let inputs: [FakeValue]
  let facts: SyntheticFacts

  /// The program, or an edited copy of it, with everything that a run needs.
  public func context(for graph: Graph? = nil) -> PropagationContext {
    PropagationContext(GraphModule(graph ?? self.graph), mode: mode, table: .aten, facts: facts)
  }
}

/// Which symbols the nodes of a synthetic program bind.
final class SyntheticFacts: ProgramFacts {
  var symbols: [Node: [UnbackedBinding]] = [:]

  func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    path.isEmpty ? symbols[node] ?? [] : []
  }
  func recordedValue(of node: Node, in path: String) -> FakeValue? { nil }
  func attribute(_ name: String, in path: String) -> FakeValue? { nil }
}

/// Programs of one shape and any length.
public struct SyntheticFamily: Sendable {
  /// What it is called.
  public let name: String
  /// Makes the program with about so many nodes, at least one block.
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
