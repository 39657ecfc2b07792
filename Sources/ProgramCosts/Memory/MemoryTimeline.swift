import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// What is live after each node of a graph, before anything is freed.
///
/// Memory counts once, however many tensors share it. Weights and inputs are live throughout; every other value lives
/// from the node that creates it to its last use. An unused value is never freed: PyTorch's interpreter drops a value
/// only after its last use.
struct MemoryTimeline {
  /// One point of a program.
  struct Point {
    let node: Node
    /// The bytes that are live after the node has run.
    let live: SymInt
    /// The bytes that the node allocated and that are not freed at once.
    let allocated: SymInt
  }

  /// The points, in the order of the nodes; nodes that the run did not reach are left out.
  private(set) var points: [Point] = []
  /// The bytes of parameters, buffers and constants.
  private(set) var weights: SymInt = 0
  /// The bytes of the inputs that the caller passes.
  private(set) var inputs: SymInt = 0
  /// Nodes with a tensor whose memory is unknown, such as a sparse one.
  private(set) var unknown: [Node] = []

  private let graph: Graph
  private let values: NodeMap<FakeValue>
  private let shapes: ShapeEnv
  private var sizes: [Storage: SymInt] = [:]
  private var owners: [Storage: Int] = [:]
  private var live: SymInt = 0
  private var allocated: SymInt = 0

  init(
    _ graph: Graph, _ values: NodeMap<FakeValue>, isWeight: (Node) -> Bool, _ shapes: ShapeEnv
  ) {
    self.graph = graph
    self.values = values
    self.shapes = shapes
    let placeholders = graph.nodes.filter { graph.op(of: $0) == .placeholder }
    for isCounted in [true, false] {
      let before = live
      for node in placeholders where isWeight(node) == isCounted { take(node) }
      if isCounted { weights = shapes.sub(live, before) } else { inputs = shapes.sub(live, before) }
    }
    let lastUses = LastUses(of: graph)
    for node in graph.nodes {
      guard let value = values[node] else { continue }
      allocated = 0
      let isInput = graph.op(of: node) == .placeholder
      if !isInput { take(node) }
      if isResized(node) { value.forEachTensor { enlarge($0) } }
      points.append(Point(node: node, live: live, allocated: allocated))
      for last in lastUses[node] where graph.op(of: last) != .placeholder { release(last) }
    }
  }

  private func isResized(_ node: Node) -> Bool {
    let target = graph.target(of: node).text
    return target.hasPrefix("torch.ops.aten.resize")
  }

  private mutating func take(_ node: Node) {
    var made: [Storage: SymInt] = [:]
    values[node]?.forEachTensor { tensor in
      guard tensor.layout == .strided else {
        if !unknown.contains(node) { unknown.append(node) }
        return
      }
      if owners[tensor.storage, default: 0] == 0, sizes[tensor.storage] == nil {
        let bytes = shapes.resolve(tensor.storageBytes(shapes))
        // Several results may be views of the same new memory: the one that reaches farthest gives its size.
        made[tensor.storage] = made[tensor.storage].map { shapes.larger($0, bytes) } ?? bytes
      }
    }
    for (storage, bytes) in made { sizes[storage] = bytes }
    values[node]?.forEachTensor { tensor in
      guard tensor.layout == .strided else { return }
      owners[tensor.storage, default: 0] += 1
      if owners[tensor.storage] == 1, let bytes = sizes[tensor.storage] {
        live = shapes.add(live, bytes)
        allocated = shapes.add(allocated, bytes)
      }
    }
  }

  private mutating func release(_ node: Node) {
    values[node]?.forEachTensor { tensor in
      guard tensor.layout == .strided, let count = owners[tensor.storage], count > 0 else { return }
      owners[tensor.storage] = count - 1
      if count == 1, let bytes = sizes[tensor.storage] { live = shapes.sub(live, bytes) }
    }
  }

  /// A resized tensor keeps its memory unless it needs more.
  private mutating func enlarge(_ tensor: FakeTensor) {
    guard tensor.layout == .strided, let old = sizes[tensor.storage] else { return }
    let new = shapes.larger(old, shapes.resolve(tensor.storageBytes(shapes)))
    sizes[tensor.storage] = new
    let growth = shapes.sub(new, old)
    live = shapes.add(live, growth)
    allocated = shapes.add(allocated, growth)
  }
}
