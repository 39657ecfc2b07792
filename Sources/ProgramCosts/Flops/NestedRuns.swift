import FX
import FakeTensors
import ShapePropagation
import SymbolicShapes

/// The runs of nested graphs, each below the call that caused it.
final class NestedRuns {
  /// One graph with the values of its nodes, and the runs that its nodes caused.
  final class Run {
    let path: String
    let graph: Graph
    let values: NodeMap<FakeValue>
    fileprivate(set) var runs: [UInt32: [Run]] = [:]

    init(_ path: String, _ graph: Graph, _ values: NodeMap<FakeValue>, _ runs: [UInt32: [Run]]) {
      self.path = path
      self.graph = graph
      self.values = values
      self.runs = runs
    }

    /// The last run of a subgraph argument of `node`; a rule may run it several times.
    func run(of node: Node, at path: String) -> Run? { runs[node.index]?.last { $0.path == path } }
  }

  /// By the graph of the node that caused them, then by the node.
  private var waiting: [UInt32: [UInt32: [Run]]] = [:]

  /// Records a run that has ended; its nested runs ended earlier.
  func note(_ nested: NestedRun) {
    let run = Run(
      nested.path, nested.module.graph, nested.values, waiting.removeValue(forKey: nested.graph) ?? [:])
    waiting[nested.caller.graph, default: [:]][nested.caller.step, default: []].append(run)
  }

  /// The run of the program's root graph, with its nested runs.
  func root(_ graph: Graph, _ values: NodeMap<FakeValue>) -> Run {
    Run("", graph, values, waiting.removeValue(forKey: 0) ?? [:])
  }
}
