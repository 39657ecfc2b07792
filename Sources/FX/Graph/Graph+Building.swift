extension Graph {
  /// Where new nodes are inserted.
  public enum InsertionPoint: Hashable, Sendable {
    /// After the last node.
    case end
    /// Before the first node.
    case start
    /// Before this node of the graph: nodes inserted one after another keep their order.
    case before(Node)
    /// Right after this node of the graph: each new node comes before those inserted earlier, as in PyTorch.
    case after(Node)
  }

  /// Reserves room for `nodes` nodes with `arguments` arguments and names of `nameBytes` bytes in total.
  public mutating func reserveCapacity(nodes: Int, arguments: Int, nameBytes: Int) {
    records.reserveCapacity(nodes)
    links.reserveCapacity(nodes)
    nodesByName.reserveCapacity(nodes)
    uses.reserveCapacity(nodes)
    argumentPool.reserveCapacity(arguments)
    namespace.reserveCapacity(nodes, bytes: nameBytes)
  }

  /// Adds a node at the ``insertionPoint``.
  ///
  /// - Parameters:
  ///   - op: what the node does.
  ///   - target: what it calls or refers to.
  ///   - args: its positional arguments.
  ///   - kwargs: its keyword arguments.
  ///   - name: the desired name of its value, made unique; by default derived from the target.
  /// - Returns: the new node.
  /// - Precondition: every node among the arguments belongs to this graph.
  @discardableResult
  public mutating func createNode(
    _ op: Op, _ target: Node.Target, args: [Node.Argument] = [], kwargs: [Node.KeywordArgument] = [],
    name: String? = nil
  ) -> Node {
    let id = namespace.createName(name ?? Self.nameCandidate(op, target))
    return append(op, intern(target), id, args, kwargs)
  }

  /// Adds a node whose target and name are already interned, as a loader does.
  ///
  /// - Returns: the node, or `nil` if another node has this name.
  public mutating func createNode(
    _ op: Op, target: TargetID, name: NameID, args: [Node.Argument], kwargs: [Node.KeywordArgument]
  ) -> Node? {
    namespace.claimCreated(name) ? append(op, target, name, args, kwargs) : nil
  }

  /// Returns the number of a target, adding it if it is new.
  public mutating func intern(_ target: Node.Target) -> TargetID {
    var text = target.text
    return text.withUTF8 { internTarget($0) }
  }

  /// Returns the number of the target with this text, adding it if it is new.
  public mutating func internTarget(_ text: UnsafeBufferPointer<UInt8>) -> TargetID {
    let id = targetNames.intern(text)
    if Int(id.index) == targets.count {
      targets.append(Node.Target(String(decoding: text, as: UTF8.self)))
    }
    return TargetID(index: id.index)
  }

  /// Returns the number of a node name, adding it if it is new; the name is not taken.
  public mutating func internName(_ text: UnsafeBufferPointer<UInt8>) -> NameID { namespace.intern(text) }

  private mutating func append(
    _ op: Op, _ target: TargetID, _ name: NameID, _ args: [Node.Argument], _ kwargs: [Node.KeywordArgument]
  ) -> Node {
    let number = UInt32(records.count)
    lineage.prepare(toAdd: number)
    let node = self.node(number)
    let argRange = PoolRange(start: UInt32(argumentPool.count), count: UInt32(args.count))
    argumentPool.append(contentsOf: args)
    let kwargRange = PoolRange(start: UInt32(keywordPool.count), count: UInt32(kwargs.count))
    if !kwargs.isEmpty { keywordPool.append(contentsOf: kwargs) }
    records.append(Record(op: op, target: target, name: name, args: argRange, kwargs: kwargRange))
    links.append(Link(previous: Self.none, next: Self.none))
    uses.appendNode()
    setNode(node, named: name)
    addUses(of: node, args, kwargs)
    place(node, at: insertionPoint)
    return node
  }

  mutating func setNode(_ node: Node?, named name: NameID) {
    while nodesByName.count <= Int(name.index) { nodesByName.append(Self.none) }
    nodesByName[Int(name.index)] = node?.index ?? Self.none
  }

  mutating func addUses(of node: Node, _ args: [Node.Argument], _ kwargs: [Node.KeywordArgument]) {
    for argument in args { addUses(of: node, argument) }
    for entry in kwargs { addUses(of: node, entry.value) }
  }

  private mutating func addUses(of node: Node, _ argument: Node.Argument) {
    switch argument {
    case .node(let input):
      precondition(contains(input), "the argument \(input) is not a node of this graph")
      uses.add(input, usedBy: node)
    case .tuple(let items), .list(let items):
      for item in items { addUses(of: node, item) }
    case .dict(let entries):
      for entry in entries { addUses(of: node, entry.value) }
    case .slice(let slice):
      for bound in slice.bounds { addUses(of: node, bound) }
    default: break
    }
  }

  mutating func place(_ node: Node, at point: InsertionPoint) {
    switch point {
    case .end: link(node, after: lastNode, before: nil)
    case .start: link(node, after: nil, before: firstNode)
    case .before(let next):
      precondition(contains(next), "cannot insert before \(next), which is not a node of this graph")
      link(node, after: previous(before: next), before: next)
    case .after(let previous):
      precondition(
        contains(previous), "cannot insert after \(previous), which is not a node of this graph")
      link(node, after: previous, before: next(after: previous))
    }
  }

  private var firstNode: Node? { ends.next == Self.none ? nil : node(ends.next) }
  private var lastNode: Node? { ends.previous == Self.none ? nil : node(ends.previous) }
}

extension Graph {
  /// The name that a node derives from its target: `add_tensor` for `torch.ops.aten.add.Tensor`.
  static func nameCandidate(_ op: Op, _ target: Node.Target) -> String {
    var text = op == .callFunction ? target.pythonName : target.text
    if op != .callFunction, text.hasPrefix("__"), text.hasSuffix("__"), text.utf8.count >= 4 {
      text = String(text.dropFirst(2).dropLast(2))
    }
    var snake: [UInt8] = []
    snake.reserveCapacity(text.utf8.count + 4)
    var afterLowercase = false
    for byte in text.utf8 {
      let isUppercase = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      if isUppercase, afterLowercase { snake.append(UInt8(ascii: "_")) }
      snake.append(isUppercase ? byte | 0x20 : byte)
      afterLowercase = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
    return String(decoding: snake, as: UTF8.self)
  }
}
