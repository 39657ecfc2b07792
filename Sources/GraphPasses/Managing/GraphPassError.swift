/// Why a pass failed.
public struct GraphPassError: Error, Equatable {
  /// What went wrong, for code that handles some cases itself.
  public enum Kind: Equatable, Sendable {
    /// Nodes that use each other's values in a cycle cannot be ordered.
    case cycle(nodes: [String])
    /// A pattern has no nodes.
    case emptyPattern
    /// A node of a pattern is unused, so no match would find it.
    case deadPatternNode(String)
    /// Pattern and replacement have different numbers of inputs.
    case inputCount(pattern: Int, replacement: Int)
    /// Pattern and replacement have different numbers of outputs.
    case outputCount(pattern: Int, replacement: Int)
    /// A graph has no output.
    case noOutput(String)
    /// Two parts need each other's values.
    case cyclicParts([String])
    /// A node has no tag although every node needs one.
    case noTag(node: String)
    /// A tag is not among those given.
    case unknownTag(String, node: String)
    /// A part uses values of a later part.
    case tagOrder(tag: String, node: String, laterTag: String)
    /// A gradient or autocast region does not fit the parts.
    case region(String)
    /// The module has no submodule, or no call of it, at this path.
    case notCalled(module: String)
    /// A call of a submodule is missing one of its inputs.
    case missingInput(String, call: String)
    /// The graph refers to something that neither the module nor the replacement has.
    case missingTarget(node: String, path: String)
    /// The graph does not contain the node.
    case unknownNode(String)
    /// No pass has this name.
    case unknownPass(String, nearest: String?)
    /// An argument of a pass is missing, unknown, or cannot be parsed.
    case badArgument(pass: String, argument: String, problem: String)
    /// A pass that must run first was not run.
    case order(pass: String, needs: String)
    /// A pass left a module that is not well formed.
    case broke(pass: String, problem: String)
    /// Something that the pass needs is not known here.
    case unsupported(String)
  }

  /// What went wrong.
  public let kind: Kind

  /// Creates an error.
  public init(_ kind: Kind) { self.kind = kind }
}

extension GraphPassError: CustomStringConvertible {
  /// What is wrong and what to do, in one sentence.
  public var description: String {
    switch kind {
    case .cycle(let nodes):
      "the nodes \(nodes.joined(separator: ", ")) use each other's values in a circle and have no order"
    case .emptyPattern: "the pattern has no nodes"
    case .deadPatternNode(let node):
      "node '\(node)' of the pattern is used by nothing; remove it or return it"
    case .inputCount(let pattern, let replacement):
      "the pattern has \(pattern) inputs, the replacement \(replacement); give both the same ones"
    case .outputCount(let pattern, let replacement):
      "the pattern returns \(pattern) values, the replacement \(replacement); return the same number"
    case .noOutput(let what): "\(what) has no output"
    case .cyclicParts(let parts):
      "the parts \(parts.joined(separator: ", ")) need each other's values; put their nodes into one part"
    case .noTag(let node): "node '\(node)' has no tag"
    case .unknownTag(let tag, let node): "the tag '\(tag)' of node '\(node)' is not among the tags given"
    case .tagOrder(let tag, let node, let later):
      "node '\(node)' of part '\(tag)' uses a value of part '\(later)', which comes later"
    case .region(let problem): problem
    case .notCalled(let module): "no node calls a submodule '\(module)' that has a graph"
    case .missingInput(let input, let call): "node '\(call)' gives no value for the input '\(input)'"
    case .missingTarget(let node, let path):
      "node '\(node)' refers to '\(path)', which neither the module nor the replacement has"
    case .unknownNode(let node): "the graph has no node '\(node)'"
    case .unknownPass(let name, let nearest):
      "there is no pass '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .badArgument(let pass, let argument, let problem):
      "argument '\(argument)' of pass '\(pass)' \(problem)"
    case .order(let pass, let needed): "pass '\(pass)' must run after '\(needed)'"
    case .broke(let pass, let problem): "pass '\(pass)' left a module that is not well formed: \(problem)"
    case .unsupported(let what): what
    }
  }
}
