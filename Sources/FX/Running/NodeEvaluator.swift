/// Computes the values of nodes from those of their inputs.
///
/// `Value` is whatever a run computes: fake tensors, dtypes, costs, text. This is the fast way to run a graph: the loop
/// is specialized for the evaluator and allocates nothing. Use ``Interpreter`` to override what one kind of node does.
///
/// ```swift
/// /// Counts the calls on the longest path to each node.
/// struct Depth: NodeEvaluator {
///   func evaluate(_ node: Node, in graph: Graph, _ values: NodeMap<Int>) -> Int {
///     let depths = graph.inputs(of: node).compactMap { values[$0] }
///     return depths.max().map { $0 + 1 } ?? 0
///   }
/// }
/// ```
public protocol NodeEvaluator<Value> {
  /// What a run computes for each node.
  associatedtype Value

  /// Returns the value of `node`; `values` contains those of earlier nodes.
  mutating func evaluate(_ node: Node, in graph: Graph, _ values: NodeMap<Value>) throws -> Value
}

extension Graph {
  /// Evaluates every node that has no value yet, in order.
  ///
  /// - Parameters:
  ///   - evaluator: computes the value of one node from those of its inputs.
  ///   - values: values known at the start, and the results at the end.
  ///   - lastUses: if given, values are released after their last use.
  /// - Throws: ``InterpreterError``, which names the first node that failed.
  @inlinable
  public func run<Evaluator: NodeEvaluator>(
    _ evaluator: inout Evaluator, values: inout NodeMap<Evaluator.Value>, releasing lastUses: LastUses? = nil
  ) throws(InterpreterError) {
    for node in nodes where !values.contains(node) {
      do {
        values[node] = try evaluator.evaluate(node, in: self, values)
      } catch {
        throw InterpreterError(error, at: node, of: self, arguments: [])
      }
      if let lastUses {
        for dead in lastUses[node] { values[dead] = nil }
      }
    }
  }
}
