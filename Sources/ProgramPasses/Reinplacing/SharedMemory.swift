import FX
import FakeTensors
import ShapePropagation
import SymbolicShapes

/// Which storages are one memory once calls write, and which nodes have values in it.
struct SharedMemory {
  private var nodes: [Storage: [Node]] = [:]
  /// For a storage that became part of another one: that one, and how far into it.
  private var places: [Storage: (storage: Storage, distance: SymInt)] = [:]
  /// The memory of inputs and attributes.
  private var fixed: Set<Storage> = []

  init(_ graph: Graph, _ values: NodeMap<FakeValue>) {
    for node in graph.nodes {
      let isOutside = [.placeholder, .getAttr].contains(graph.op(of: node))
      var known: Set<Storage> = []
      values[node]?.forEachTensor { tensor in
        if known.insert(tensor.storage).inserted { nodes[tensor.storage, default: []].append(node) }
        if isOutside { fixed.insert(tensor.storage) }
      }
    }
  }

  private func root(_ storage: Storage) -> Storage { places[storage]?.storage ?? storage }

  func mayBeWritten(_ tensor: FakeTensor) -> Bool { !fixed.contains(root(tensor.storage)) }

  func isShared(_ one: FakeTensor, _ two: FakeTensor) -> Bool { root(one.storage) == root(two.storage) }

  /// The nodes with values in the memory of a tensor.
  func members(of tensor: FakeTensor) -> [Node] { nodes[root(tensor.storage)] ?? [] }

  /// The position of a tensor's first element in the memory.
  func offset(of tensor: FakeTensor, _ shapes: ShapeEnv) -> SymInt {
    guard let place = places[tensor.storage] else { return tensor.storageOffset }
    return shapes.add(tensor.storageOffset, place.distance)
  }

  /// Puts the storage of a result where another tensor is.
  mutating func join(_ result: FakeTensor, to base: FakeTensor, _ shapes: ShapeEnv) {
    let storage = root(base.storage)
    guard result.storage != storage, places[result.storage] == nil else { return }
    places[result.storage] = (storage, shapes.sub(offset(of: base, shapes), result.storageOffset))
    nodes[storage, default: []] += nodes[result.storage] ?? []
  }
}

/// A place in memory where a value will be.
struct Place {
  /// A tensor in the same memory.
  var tensor: FakeTensor
  var sizes: Sizes
  var strides: Sizes
  var offset: SymInt

  /// Whether a view operator shows every element of its argument once.
  static func keepsElements(_ target: Node.Target) -> Bool { wholeViews.contains(target.text) }

  private static let wholeViews = Set(
    """
    alias.default detach.default permute.default squeeze.default squeeze.dim squeeze.dims t.default
    transpose.int unsqueeze.default view.default _unsafe_view.default
    """.split(whereSeparator: \.isWhitespace).map { "torch.ops.aten.\($0)" })
}

/// Results that are written into the memory of other nodes: a call, and the scatters that put its result back.
struct PutBack {
  var pairs: [(node: Node, base: Node)]

  init(_ pairs: [(node: Node, base: Node)]) { self.pairs = pairs }

  func base(of node: Node) -> Node? { pairs.first { $0.node == node }?.base }
}
