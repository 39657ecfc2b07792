public import FX
public import FakeTensors
import OperatorSchemas
import SymbolicExpressions
public import SymbolicShapes

/// An assert that was dropped, and why it always holds.
public struct DroppedAssert: Sendable {
  /// The name that the assert's node had.
  public let node: String
  /// Why its condition follows from the other asserts, the guards and the declared ranges.
  public let proof: ShapeEnv.Proof
}

extension Graph {
  /// Erases the asserts whose condition follows from the others.
  ///
  ///     assert u0 >= 0
  ///     assert u0 <= 10
  ///     assert u0 < 20                 follows from the one before
  ///
  /// Nothing is dropped without a proof, and no two asserts are dropped because of each other.
  ///
  /// - Parameters:
  ///   - values: the value of each node, from a propagation of this graph.
  ///   - shapes: the environment of that propagation, which holds what the program asserts.
  /// - Returns: the dropped asserts, in their order.
  /// - Throws: ``FX/GraphError`` if the graph is not well formed.
  @discardableResult
  public mutating func dropImpliedAsserts(
    values: NodeMap<FakeValue>, _ shapes: ShapeEnv
  ) throws(GraphError) -> [DroppedAssert] {
    try lint()
    let known = shapes.runtimeAsserts
    var proofs: [SymExpr: ShapeEnv.Proof] = [:]
    for (index, proof) in shapes.impliedAsserts() where known.indices.contains(index) {
      proofs[shapes.resolve(known[index].assert.expression)] = proof
    }
    let needed = Set(known.map { shapes.resolve($0.assert.expression) })
    var dropped: [DroppedAssert] = []
    for node in nodes where Assertion(target: target(of: node).text)?.isRuntimeAssert == true {
      guard case .node(let condition)? = argument(0, of: node), userCount(of: node) == 0,
        case .symBool(let value)? = values[condition]
      else { continue }
      let expression = shapes.resolve(value.expression)
      // What was known when it was asserted is no assert of the environment, and follows from those that are.
      let isKnown = !needed.contains(expression)
      guard let proof = proofs[expression] ?? (isKnown ? shapes.prove(value) : nil), proof.holds else {
        continue
      }
      dropped.append(DroppedAssert(node: name(of: node), proof: proof))
      try erase(node)
      if userCount(of: condition) == 0, op(of: condition) == .callFunction { try erase(condition) }
    }
    return dropped
  }
}
