public import FX

/// The result of splitting a module.
public struct SplitResult: Sendable {
  /// The module that calls the parts.
  public var module: GraphModule
  /// The names of the parts, in the order in which they are called.
  public var parts: [String]
  /// For attributes and submodules that moved into a part, the new path and the old one.
  public var movedPaths: [(new: String, old: String)]
}

/// Moves the calls of a graph into submodules, one for each part.
///
///     %a = relu(%x)    part 0        %submod_0 = submod_0(%x)
///     %b = neg(%a)     part 1        %submod_1 = submod_1(%submod_0)
///     return b                       return submod_1
///
/// A part's inputs are the values of other parts that it uses; its results are those that others use. Parts are called
/// in an order in which each comes after those it needs. Inputs and attributes stay outside and are passed in.
///
/// - Source: `split_module` in `torch/fx/passes/split_module.py`, v2.13.
public struct ModuleSplitter: Sendable {
  /// Which symbols occur in the size of a value, and which node has a symbol as its value.
  ///
  /// If given, a part that receives a tensor also receives the symbols of its sizes.
  public struct Symbols: Sendable {
    /// The symbols of a node's value, by name.
    public var free: @Sendable (Node) -> [String]
    /// The symbol that is a node's value, or `nil` if the value is anything else.
    public var defined: @Sendable (Node) -> String?

    /// Creates the description.
    public init(
      free: @escaping @Sendable (Node) -> [String], defined: @escaping @Sendable (Node) -> String?
    ) {
      self.free = free
      self.defined = defined
    }
  }

  /// A prefix for the number of each part: `blk` gives `submod_blk_0`.
  public var affix: String?
  /// Whether the parts are called in the order in which they first occur, rather than by their dependencies.
  public var keepsOrder = false
  /// Whether the nodes of the parts keep their names.
  public var keepsNodeNames = false
  /// Whether the inputs of the parts are named after their values rather than `arg_0` and so on.
  public var keepsInputNames = true
  /// Whether a part with one result returns it in a tuple.
  public var returnsTuples = false
  /// The symbols of the values, if sizes are to be passed in.
  public var symbols: Symbols?

  /// Creates PyTorch's default options.
  public init() {}

  /// Splits a module.
  ///
  /// - Parameters:
  ///   - module: the module.
  ///   - part: the number of the part that a call belongs to.
  /// - Returns: the outer module and its parts.
  /// - Throws: ``GraphPassError/Kind/cyclicParts(_:)``, ``GraphPassError/Kind/region(_:)``, or an error of the closure.
  public func split(
    _ module: GraphModule, _ part: (Node) throws -> Int
  ) throws -> SplitResult {
    var split = try ModuleSplit(module, self, part)
    return try split.result()
  }
}

/// A part while a module is being split.
struct SplitPart {
  var name: String
  /// Nodes of the whole graph whose values are inputs, in the order of their first use.
  var inputs: [Node] = []
  /// Nodes of the part whose values are outputs.
  var outputs: [Node] = []
  var dependencies: Set<Int> = []
  var dependents: [Int] = []
  var graph = Graph()
  /// The part's node for each node of the whole graph.
  var copies: NodeMap<Node> = [:]
  var module = GraphModule()

  mutating func addInput(_ node: Node) { if !inputs.contains(node) { inputs.append(node) } }
  mutating func addOutput(_ node: Node) { if !outputs.contains(node) { outputs.append(node) } }
  mutating func addDependent(_ part: Int) { if !dependents.contains(part) { dependents.append(part) } }
}
