import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicShapes
import TensorVocabulary

/// The state of turning calls into writes: the graph, and which values share memory.
struct MemoryWriter {
  private(set) var graph: Graph
  private let values: NodeMap<FakeValue>
  private let shapes: ShapeEnv
  private let view: (Node.Target, [FakeValue]) throws -> FakeValue
  /// The position of each node of the original graph.
  private var positions: NodeMap<Int> = [:]
  private var memory: SharedMemory
  /// Scatters whose results are now where they put them.
  private var undone: [Node] = []

  init(
    _ graph: Graph, _ values: NodeMap<FakeValue>, _ shapes: ShapeEnv,
    view: @escaping (Node.Target, [FakeValue]) throws -> FakeValue
  ) throws {
    self.graph = graph
    self.values = values
    self.shapes = shapes
    self.view = view
    memory = SharedMemory(graph, values)
    for (position, node) in graph.nodes.enumerated() {
      positions[node] = position
      try Self.requireFunctional(node, graph)
    }
  }

  private static func requireFunctional(_ node: Node, _ graph: Graph) throws {
    let target = graph.target(of: node)
    guard graph.op(of: node) == .callFunction, target.isOperatorOverload else { return }
    let schema = SchemaTable.schema(named: target.text)
    guard schema?.isMutable == false else {
      let what = schema == nil ? "calls an operator of which no schema is known" : "writes already"
      throw ProgramPassError("node '\(graph.name(of: node))' \(what); functionalize the program first")
    }
  }

  /// Makes a call write to its first argument, if it may.
  mutating func reinplace(_ node: Node) throws {
    guard let (source, old) = candidate(node) else { return }
    let scatter = Scatter(node, graph)
    guard scatter != nil || InPlaceVariant.target(of: graph.target(of: node)) != nil else { return }
    var results = PutBack([(node, source)])
    let readers = readers(of: old, after: node)
    for reader in readers {
      if let base = putBack(reader, results) { results.pairs.append((reader, base)) }
    }
    guard readers.allSatisfy({ results.base(of: $0) != nil }), strangersSeeTheSame(results) else { return }
    if let scatter {
      graph.inserting(before: node) { graph in
        let place = graph.createNode(.callFunction, scatter.view, args: [.node(source)] + scatter.place)
        graph.call("aten.copy_.default", place, scatter.value)
      }
      undone.append(node)
    } else if let target = InPlaceVariant.target(of: graph.target(of: node)) {
      graph.setTarget(target, of: node)
    }
    for (result, base) in results.pairs {
      guard let tensor = values[result]?.tensor, let place = values[base]?.tensor else { continue }
      memory.join(tensor, to: place, shapes)
      graph.replaceAllUses(of: result, with: base)
    }
    undone += results.pairs.dropFirst().map(\.node)
  }

  /// Erases the scatters whose results are where they put them.
  mutating func eraseUndone() throws(GraphError) {
    for node in undone.sorted(by: { positions[$0] ?? 0 > positions[$1] ?? 0 }) { try graph.erase(node) }
  }
}

extension MemoryWriter {
  /// The first argument of a call and its tensor, if the result would fit into its memory.
  private func candidate(_ node: Node) -> (source: Node, old: FakeTensor)? {
    let target = graph.target(of: node)
    guard graph.op(of: node) == .callFunction, target.isOperatorOverload, !undone.contains(node),
      let schema = SchemaTable.schema(named: target.text), !schema.isView,
      schema.arguments.first?.type == .tensor, case .node(let source)? = graph.argument(0, of: node),
      let old = values[source]?.tensor, let new = values[node]?.tensor, memory.mayBeWritten(old),
      !memory.isShared(old, new), hasSameElements(old, new)
    else { return nil }
    // An operator does not promise to read an argument before it writes the one beside it.
    var others = Array(graph.args(of: node).dropFirst())
    others += graph.kwargs(of: node).map(\.value)
    var isAlone = true
    for argument in others {
      argument.forEachNode { input in
        values[input]?.forEachTensor { if memory.isShared($0, old) { isAlone = false } }
      }
    }
    return isAlone ? (source, old) : nil
  }

  private func hasSameElements(_ one: FakeTensor, _ two: FakeTensor) -> Bool {
    one.dtype == two.dtype && one.device == two.device && one.layout == .strided && two.layout == .strided
      && !one.isConjugate && !two.isConjugate && !one.isNegative && !two.isNegative
      && shapes.areEqual(one.sizes, two.sizes)
  }

  /// The nodes that read the memory of a tensor after a node, in order; views count by their own readers.
  private func readers(of tensor: FakeTensor, after node: Node) -> [Node] {
    let members = memory.members(of: tensor)
    let inside = NodeSet(members)
    let hidden = NodeSet(undone)
    var found = NodeSet()
    var readers: [Node] = []
    for user in members.flatMap({ graph.users(of: $0) }) {
      guard let position = positions[user], position > positions[node] ?? 0, !hidden.contains(user) else {
        continue
      }
      let isView =
        inside.contains(user)
        && (graph.target(of: user).isOperatorOverload || graph.target(of: user) == .getitem)
      if !isView, found.insert(user) { readers.append(user) }
    }
    return readers.sorted { positions[$0] ?? 0 < positions[$1] ?? 0 }
  }

  /// The base of a scatter that puts a value where it is once the results are in the memory of their bases.
  private func putBack(_ reader: Node, _ results: PutBack) -> Node? {
    guard let scatter = Scatter(reader, graph), case .node(let base) = scatter.base,
      case .node(let value) = scatter.value, let whole = values[base]?.tensor,
      let place = place(of: value, results)
    else { return nil }
    let arguments = scatter.place.map { argument in
      if case .node(let node) = argument { return values[node] ?? .none }
      return FakeValue(argument, in: shapes)
    }
    guard memory.isShared(whole, place.tensor),
      let target = try? view(scatter.view, [.tensor(whole)] + arguments).tensor
    else { return nil }
    let isSame =
      shapes.areEqual(target.sizes, place.sizes)
      && shapes.areEqual(target.strides, place.strides, of: target.sizes)
      && shapes.areEqual(memory.offset(of: target, shapes), place.offset)
    return isSame ? base : nil
  }

  /// Where a value will be: a result, or a view of all elements of one.
  private func place(of value: Node, _ results: PutBack) -> Place? {
    guard let tensor = values[value]?.tensor else { return nil }
    var source = value
    while results.base(of: source) == nil {
      guard Place.keepsElements(graph.target(of: source)),
        case .node(let next)? = graph.argument(0, of: source)
      else { return nil }
      source = next
    }
    guard let base = results.base(of: source).flatMap({ values[$0]?.tensor }) else { return nil }
    if source == value {
      return Place(
        tensor: base, sizes: base.sizes, strides: base.strides, offset: memory.offset(of: base, shapes))
    }
    guard let result = values[source]?.tensor, result.storage == tensor.storage,
      shapes.areEqual(result.strides, base.strides, of: base.sizes)
    else { return nil }
    let offset = shapes.add(
      shapes.sub(tensor.storageOffset, result.storageOffset), memory.offset(of: base, shapes))
    return Place(tensor: base, sizes: tensor.sizes, strides: tensor.strides, offset: offset)
  }

  /// Whether no other node than a scatter that disappears gets a tensor with other strides than before.
  private func strangersSeeTheSame(_ results: PutBack) -> Bool {
    results.pairs.allSatisfy { result, base in
      guard let new = values[result]?.tensor, let old = values[base]?.tensor else { return false }
      return shapes.areEqual(new.strides, old.strides, of: new.sizes)
        || graph.users(of: result).allSatisfy { results.base(of: $0) != nil }
    }
  }
}

extension ShapeEnv {
  fileprivate func areEqual(_ one: SymInt, _ two: SymInt) -> Bool {
    one == two || staticallyKnownTrue(eq(one, two))
  }

  fileprivate func areEqual(_ one: Sizes, _ two: Sizes) -> Bool {
    one.count == two.count && zip(one, two).allSatisfy { areEqual($0, $1) }
  }

  /// Whether strides are equal along all dims that have more than one element.
  fileprivate func areEqual(_ one: Sizes, _ two: Sizes, of sizes: Sizes) -> Bool {
    one.count == two.count
      && sizes.indices.allSatisfy { sizes[$0].constant == 1 || areEqual(one[$0], two[$0]) }
  }
}
