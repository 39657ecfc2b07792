/// A program as a list of nodes, each computing one value from the values of earlier ones.
///
/// A graph is a value: a pass may copy it, try a change and discard the copy. Nodes are numbers (``Node``), and
/// everything about them is stored in dense arrays by number, so building a graph allocates nothing per node:
///
///     records   op, target, name, argument ranges        by node number
///     links     previous and next node                   by node number: insert and erase in O(1)
///     pools     all positional, all keyword arguments    ranges of the records
///     uses      who uses whom                            linked pairs, see UseLists
///
/// Change a graph only through its methods, which keep the users correct; ``lint()`` checks all invariants.
public struct Graph: Sendable {
  @usableFromInline
  struct Record: Sendable {
    @usableFromInline var op: Op
    var isErased = false
    @usableFromInline var target: TargetID
    @usableFromInline var name: NameID
    @usableFromInline var args: PoolRange
    @usableFromInline var kwargs: PoolRange
  }

  /// A range of an argument pool.
  @usableFromInline
  struct PoolRange: Sendable {
    @usableFromInline var start: UInt32 = 0
    @usableFromInline var count: UInt32 = 0

    @inlinable var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
  }

  @usableFromInline
  struct Link: Sendable {
    @usableFromInline var previous: UInt32
    @usableFromInline var next: UInt32
  }

  @usableFromInline var records: ContiguousArray<Record> = []
  @usableFromInline var links: ContiguousArray<Link> = []
  @usableFromInline var ends = Link(previous: Graph.none, next: Graph.none)
  @usableFromInline var liveCount = 0
  @usableFromInline var argumentPool: ContiguousArray<Node.Argument> = []
  @usableFromInline var keywordPool: ContiguousArray<Node.KeywordArgument> = []
  var uses = UseLists()
  var namespace = Namespace()
  var nodesByName: ContiguousArray<UInt32> = []
  var targetNames = StringTable()
  var metadataStore = MetadataStore()
  @usableFromInline var lineage = Lineage()

  /// Where new nodes are inserted.
  public var insertionPoint = InsertionPoint.end

  /// Represents "no node" in links.
  @usableFromInline static let none = UInt32.max

  /// Every target in the graph, by ``TargetID``.
  public internal(set) var targets: ContiguousArray<Node.Target> = []

  /// Creates a graph without nodes.
  public init() {}

  /// One more than the highest node number used so far, including those of erased nodes.
  @inlinable
  public var nodeCount: Int { links.count }
}

/// A number for a target of a graph, dense from zero, so that a pass can resolve each target once.
@frozen
public struct TargetID: Hashable, Sendable {
  /// The target's position in ``Graph/targets``.
  public let index: UInt32

  /// Creates the handle of the target at `index`.
  @inlinable
  public init(index: UInt32) { self.index = index }
}

extension Graph {
  /// The handle of the node with this number.
  @inlinable
  func node(_ number: UInt32) -> Node { Node(index: number, mark: lineage.marks[number]) }

  /// Whether the graph has or had the node; in release builds, whether it has or had one with this number.
  @inlinable
  func owns(_ node: Node) -> Bool {
    Int(node.index) < records.count && lineage.marks[node.index].fits(node.mark)
  }

  /// The position of the node's data.
  ///
  /// Costs nothing in release builds, where this check replaces the array's.
  ///
  /// - Precondition: the graph has the node, or had it before it was erased.
  @inlinable
  func position(of node: Node) -> Int {
    precondition(Int(node.index) < records.count, "the graph has no node with number \(node.index)")
    precondition(owns(node), "node \(node.index) belongs to another graph")
    return Int(node.index)
  }

  /// The position of a node's data, for changing it.
  ///
  /// - Precondition: the graph has the node.
  func livePosition(of node: Node) -> Int {
    let position = position(of: node)
    precondition(!records[position].isErased, "node '\(name(of: node))' was erased and cannot be changed")
    return position
  }
}

/// Reading a node.
///
/// The nodes must belong to this graph. An erased node keeps its operation, target and name, but has no arguments and
/// no users.
/// arguments and no users.
extension Graph {
  /// The node's operation.
  @inlinable
  public func op(of node: Node) -> Op { records[position(of: node)].op }

  /// What the node calls or refers to.
  @inlinable
  public func target(of node: Node) -> Node.Target {
    targets[Int(records[position(of: node)].target.index)]
  }

  /// The number of the node's target, for tables indexed by target.
  @inlinable
  public func targetID(of node: Node) -> TargetID { records[position(of: node)].target }

  /// The name of the node's value, unique in the graph.
  public func name(of node: Node) -> String { namespace.strings[records[position(of: node)].name] }

  /// The number of the node's name.
  @inlinable
  public func nameID(of node: Node) -> NameID { records[position(of: node)].name }

  /// The names of nodes, by ``NameID``.
  public var names: StringTable { namespace.strings }

  /// The positional arguments.
  @inlinable
  public func args(of node: Node) -> NodeArguments<Node.Argument> {
    NodeArguments(argumentPool, records[position(of: node)].args)
  }

  /// The positional argument at a position, or `nil` if there are fewer.
  @inlinable
  public func argument(_ position: Int, of node: Node) -> Node.Argument? {
    let range = records[self.position(of: node)].args.indices
    return position >= 0 && position < range.count ? argumentPool[range.lowerBound + position] : nil
  }

  /// The number of positional arguments.
  @inlinable
  public func argumentCount(of node: Node) -> Int { Int(records[position(of: node)].args.count) }

  /// The keyword arguments, in the order in which they were written.
  @inlinable
  public func kwargs(of node: Node) -> NodeArguments<Node.KeywordArgument> {
    NodeArguments(keywordPool, records[position(of: node)].kwargs)
  }

  /// The nodes that use this node's value, each once, in the order in which the uses were made.
  ///
  /// - Complexity: O(*k*) for *k* users.
  public func users(of node: Node) -> [Node] {
    var users: [Node] = []
    users.reserveCapacity(userCount(of: node))
    // A closure that captures the graph would copy it.
    let marks = lineage.marks
    uses.forEachUser(at: position(of: node)) { users.append(Node(index: $0, mark: marks[$0])) }
    return users
  }

  /// The number of nodes that use this node's value.
  public func userCount(of node: Node) -> Int { uses.userCount(at: position(of: node)) }

  /// The nodes whose values this node uses, each once (PyTorch's `all_input_nodes`).
  public func inputs(of node: Node) -> [Node] {
    var inputs: [Node] = []
    forEachInput(of: node) { inputs.append($0) }
    return inputs
  }

  /// Calls `body` with each node whose value this node uses, once.
  public func forEachInput(of node: Node, _ body: (Node) -> Void) {
    let marks = lineage.marks
    uses.forEachInput(at: position(of: node)) { body(Node(index: $0, mark: marks[$0])) }
  }

  /// Whether the node belongs to this graph and has not been erased.
  ///
  /// A release build identifies nodes by number only, so a node of another graph may appear to belong here.
  public func contains(_ node: Node) -> Bool { owns(node) && !records[Int(node.index)].isErased }

  /// The node with this name, or `nil` if there is none.
  public func node(named name: String) -> Node? {
    namespace.strings.find(name).flatMap { node(named: $0) }
  }

  /// The node with this name, or `nil` if there is none.
  public func node(named name: NameID) -> Node? {
    guard Int(name.index) < nodesByName.count else { return nil }
    let index = nodesByName[Int(name.index)]
    return index == Self.none ? nil : self.node(index)
  }

  /// The nodes with operation `op` and, if given, with `target`.
  public func findNodes(_ op: Op, target: Node.Target? = nil) -> [Node] {
    nodes.filter { self.op(of: $0) == op && (target == nil || self.target(of: $0) == target) }
  }

  /// The output node, or `nil` in an unfinished graph.
  public var outputNode: Node? {
    nodes.last.flatMap { op(of: $0) == .output ? $0 : nil }
  }
}
