/// Why a graph cannot be changed as asked, or what is wrong with it.
public struct GraphError: Error, Equatable {
  /// What went wrong, for code that handles some cases itself.
  public enum Kind: Equatable, Sendable {
    /// A node that others use cannot be erased.
    case hasUsers(node: String, users: [String])
    /// The graph does not contain the node.
    case unknownNode(String)
    /// A node uses a value that the graph does not contain.
    case foreignArgument(node: String, argument: String)
    /// A node uses a value that is computed later.
    case usedBeforeDefinition(node: String, argument: String)
    /// Two nodes have the same name.
    case duplicateName(String)
    /// The use lists do not agree with the arguments.
    case wrongUses(node: String)
    /// The order of the nodes is corrupted.
    case brokenOrder(node: String)
    /// A node has too many or too few arguments for its operation.
    case malformed(node: String, expectation: String)
    /// A node follows the output, so it never runs.
    case afterOutput(node: String)
    /// The module has nothing at the path that a node refers to.
    case noSuchTarget(node: String, path: String, existingPrefix: String)
    /// A node calls something that is not a module.
    case notAModule(node: String, path: String)
    /// No schema is known for what the node calls.
    case noSchema(node: String, target: String)
    /// The node has more positional arguments than the schema takes.
    case tooManyArguments(node: String, expected: Int, received: Int)
    /// The schema has no argument with this name.
    case unknownArgument(node: String, name: String)
    /// An argument is given twice.
    case repeatedArgument(node: String, name: String)
    /// An argument without a default is not given.
    case missingArgument(node: String, name: String)
  }

  /// What went wrong.
  public let kind: Kind
  /// The printed graph, if it helps to see it.
  public var graph: String?
  /// The path of the submodule whose graph this is; empty for the root.
  public var module = ""

  init(_ kind: Kind, graph: String? = nil) {
    self.kind = kind
    self.graph = graph
  }
}

extension GraphError: CustomStringConvertible {
  /// What is wrong, in one sentence, followed by the graph if it helps.
  public var description: String {
    let place = module.isEmpty ? "" : "in module '\(module)': "
    return place + sentence + (graph.map { "\n\($0)" } ?? "")
  }

  private var sentence: String {
    switch kind {
    case .hasUsers(let node, let users):
      "cannot erase node '\(node)': it still has \(users.count) users: \(users.joined(separator: ", "))"
    case .unknownNode(let node):
      "the graph has no node \(node)"
    case .foreignArgument(let node, let argument):
      "argument '\(argument)' of node '\(node)' does not belong to this graph"
    case .usedBeforeDefinition(let node, let argument):
      "argument '\(argument)' of node '\(node)' is used before it is defined"
    case .duplicateName(let name):
      "two nodes are named '\(name)'"
    case .wrongUses(let node):
      "the recorded uses of node '\(node)' do not agree with the arguments"
    case .brokenOrder(let node):
      "the order of the nodes is damaged at node '\(node)'"
    case .malformed(let node, let expectation):
      "node '\(node)' must have \(expectation)"
    case .afterOutput(let node):
      "node '\(node)' comes after the output and never runs"
    case .noSuchTarget(let node, let path, let prefix):
      "node '\(node)' refers to '\(path)', which does not exist; "
        + (prefix.isEmpty ? "not even its first part does" : "the longest part that exists is '\(prefix)'")
    case .notAModule(let node, let path):
      "node '\(node)' calls '\(path)', which is not a module"
    case .noSchema(let node, let target):
      "node '\(node)' calls '\(target)', for which no schema is known"
    case .tooManyArguments(let node, let expected, let received):
      "node '\(node)' has \(received) positional arguments, but the schema takes \(expected)"
    case .unknownArgument(let node, let name):
      "node '\(node)' has an argument '\(name)', which the schema does not take"
    case .repeatedArgument(let node, let name):
      "node '\(node)' has several values for argument '\(name)'"
    case .missingArgument(let node, let name):
      "node '\(node)' has no argument '\(name)', which the schema requires"
    }
  }
}
