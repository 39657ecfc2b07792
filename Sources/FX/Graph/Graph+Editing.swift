/// Methods that change a node.
///
/// The nodes must belong to this graph and must not have been erased.
extension Graph {
  /// Replaces the positional arguments of a node.
  public mutating func setArgs(_ args: [Node.Argument], of node: Node) {
    setArguments(args, Array(kwargs(of: node)), of: node)
  }

  /// Replaces the keyword arguments of a node.
  public mutating func setKwargs(_ kwargs: [Node.KeywordArgument], of node: Node) {
    setArguments(Array(args(of: node)), kwargs, of: node)
  }

  /// Replaces one positional argument of a node.
  ///
  /// - Precondition: the node has an argument at `position`.
  public mutating func setArgument(_ argument: Node.Argument, at position: Int, of node: Node) {
    var args = Array(args(of: node))
    precondition(args.indices.contains(position), "node '\(name(of: node))' has no argument \(position)")
    args[position] = argument
    setArgs(args, of: node)
  }

  /// Replaces what a node calls or refers to.
  public mutating func setTarget(_ target: Node.Target, of node: Node) {
    let position = livePosition(of: node)
    records[position].target = intern(target)
  }

  /// Renames a node to a unique form of `name`; returns the name it got.
  @discardableResult
  public mutating func rename(_ node: Node, to candidate: String) -> String {
    let position = livePosition(of: node)
    guard candidate != name(of: node) else { return candidate }
    let id = namespace.createName(candidate)
    setNode(nil, named: records[position].name)
    records[position].name = id
    setNode(node, named: id)
    return name(of: node)
  }

  /// Renames a node to exactly this name, even if Python reserves it.
  ///
  /// - Returns: whether the node now has this name. If the name is taken, nothing changes.
  public mutating func rename(_ node: Node, exactly name: String) -> Bool {
    let position = livePosition(of: node)
    let id = namespace.intern(name)
    guard namespace.claim(id) else { return self.name(of: node) == name }
    setNode(nil, named: records[position].name)
    records[position].name = id
    setNode(node, named: id)
    return true
  }

  /// Replaces one keyword argument of a node, or adds it (PyTorch's `update_kwarg`).
  public mutating func setKwarg(_ name: String, to argument: Node.Argument, of node: Node) {
    var kwargs = Array(kwargs(of: node))
    if let position = kwargs.firstIndex(where: { $0.name == name }) {
      kwargs[position].value = argument
    } else {
      kwargs.append(Named(name, argument))
    }
    setKwargs(kwargs, of: node)
  }

  /// Inserts a positional argument before those from `position` on (PyTorch's `insert_arg`).
  ///
  /// - Precondition: the node has at least `position` arguments.
  public mutating func insertArgument(_ argument: Node.Argument, at position: Int, of node: Node) {
    var args = Array(args(of: node))
    precondition((0...args.count).contains(position), "node '\(name(of: node))' has no \(position) arguments")
    args.insert(argument, at: position)
    // As in PyTorch, the node keeps its position among the users of its previous inputs.
    let index = livePosition(of: node)
    records[index].args = store(args, over: records[index].args, in: \.argumentPool)
    var known = NodeSet(inputs(of: node))
    argument.forEachNode { input in
      precondition(contains(input), "the argument \(input) is not a node of this graph")
      if known.insert(input) { uses.add(input, usedBy: node) }
    }
  }

  /// Makes `user` use `new` wherever it uses `old`.
  public mutating func replaceInput(_ old: Node, with new: Node, in user: Node) {
    let replace = { (node: Node) in Node.Argument.node(node == old ? new : node) }
    setArguments(
      args(of: user).map { $0.mapNodes(replace) },
      kwargs(of: user).map { Named($0.name, $0.value.mapNodes(replace)) }, of: user)
  }

  /// Makes every user of `old` use `new` instead.
  ///
  /// - Parameters:
  ///   - old: the node that loses its users.
  ///   - new: the node that gets them.
  ///   - isIncluded: whether to change a user; by default all are changed. Exclude a node that replaces `old` and is
  ///     computed from it.
  /// - Returns: the users that were changed.
  @discardableResult
  public mutating func replaceAllUses(
    of old: Node, with new: Node, where isIncluded: (Node) -> Bool = { _ in true }
  ) -> [Node] {
    let changed = users(of: old).filter(isIncluded)
    for user in changed { replaceInput(old, with: new, in: user) }
    return changed
  }

  /// Makes every user of `old` use `argument` instead, which may be a constant or contain several nodes.
  ///
  /// - Returns: the users that were changed.
  @discardableResult
  public mutating func replaceAllUses(
    of old: Node, with argument: Node.Argument, where isIncluded: (Node) -> Bool = { _ in true }
  ) -> [Node] {
    let changed = users(of: old).filter(isIncluded)
    let replace = { (node: Node) in node == old ? argument : Node.Argument.node(node) }
    for user in changed {
      setArguments(
        args(of: user).map { $0.mapNodes(replace) },
        kwargs(of: user).map { Named($0.name, $0.value.mapNodes(replace)) }, of: user)
    }
    return changed
  }

  /// Copies the metadata entries of `node` that `replacement` lacks.
  ///
  /// PyTorch does so for ``replaceAllUses(of:with:where:)`` when `propagate_meta` is set.
  public mutating func propagateMetadata(from node: Node, to replacement: Node) {
    if metadata(of: replacement).isEmpty {
      return metadataStore.copy(node, of: metadataStore, to: replacement)
    }
    var own = metadata(of: replacement)
    for entry in metadata(of: node).entries where own[entry.name] == nil { own[entry.name] = entry.value }
    setMetadata(own, of: replacement)
  }

  /// Moves a node right before another (PyTorch's `prepend`).
  public mutating func move(_ node: Node, before other: Node) {
    guard node != other else { return }
    precondition(contains(other), "cannot move to \(other), which is not a node of this graph")
    unlink(node)
    place(node, at: .before(other))
  }

  /// Moves a node right after another (PyTorch's `append`).
  public mutating func move(_ node: Node, after other: Node) {
    guard node != other else { return }
    precondition(contains(other), "cannot move to \(other), which is not a node of this graph")
    unlink(node)
    place(node, at: .after(other))
  }

  /// Puts the nodes in this order.
  ///
  /// Afterwards, the users of each node are in graph order, as if the graph had been built in this order.
  ///
  /// - Precondition: every node of the graph occurs once.
  public mutating func reorder(_ order: [Node]) {
    precondition(order.count == nodes.count, "\(order.count) nodes cannot be the order of \(nodes.count)")
    var placed = NodeSet(for: self)
    for node in order {
      precondition(
        contains(node) && placed.insert(node), "\(node) is not a node of the graph, or occurs twice")
      unlink(node)
    }
    for node in order { place(node, at: .end) }
    for node in order { uses.removeInputs(of: node) }
    for node in order { addUses(of: node, Array(args(of: node)), Array(kwargs(of: node))) }
  }

  mutating func setArguments(_ args: [Node.Argument], _ kwargs: [Node.KeywordArgument], of node: Node) {
    let position = livePosition(of: node)
    uses.removeInputs(of: node)
    records[position].args = store(args, over: records[position].args, in: \.argumentPool)
    records[position].kwargs = store(kwargs, over: records[position].kwargs, in: \.keywordPool)
    addUses(of: node, args, kwargs)
  }

  /// Stores items in place of an old range if they fit, otherwise at the end of the pool.
  private mutating func store<Item>(
    _ items: [Item], over old: PoolRange, in pool: WritableKeyPath<Graph, ContiguousArray<Item>>
  ) -> PoolRange {
    guard items.count > Int(old.count) else {
      for (position, item) in items.enumerated() { self[keyPath: pool][Int(old.start) + position] = item }
      return PoolRange(start: old.start, count: UInt32(items.count))
    }
    let start = UInt32(self[keyPath: pool].count)
    self[keyPath: pool].append(contentsOf: items)
    return PoolRange(start: start, count: UInt32(items.count))
  }
}
