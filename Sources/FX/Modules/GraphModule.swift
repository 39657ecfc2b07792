public import OrderedCollections

/// A number for a value that a module owns: a parameter, buffer or constant.
///
/// FX itself has no values. The code that creates a module decides what the number refers to; a run asks its
/// ``Interpreter`` for the value.
@frozen
public struct AttributeID: Hashable, Sendable {
  /// The number.
  public let rawValue: Int

  /// Creates the handle with this number.
  @inlinable
  public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A graph with the attributes and submodules that it refers to by dotted path.
///
/// A module whose graph has no nodes is only a container, such as `layers` in `layers.0.weight`.
public struct GraphModule: Sendable {
  /// The program.
  public var graph: Graph
  /// The class name to print.
  public var className: String
  /// Parameters, buffers and constants.
  public var attributes: OrderedDictionary<String, AttributeID> = [:]
  /// The modules below this one.
  public var submodules: OrderedDictionary<String, GraphModule> = [:]
  /// Whether a call of this module must be kept even if its value is unused (PyTorch's `_is_impure`).
  public var isImpure = false
  /// How callers see the module, if that differs from the flat inputs and outputs of the graph.
  public var signature: CallSignature?

  /// Creates a module without attributes and submodules.
  public init(_ graph: Graph = Graph(), className: String = "GraphModule") {
    self.graph = graph
    self.className = className
  }

  /// Whether the module only groups others.
  public var isContainer: Bool { graph.nodes.isEmpty }
}

extension GraphModule {
  /// What a dotted path refers to.
  public enum Member: Sendable {
    case attribute(AttributeID)
    case submodule(GraphModule)
  }

  /// What `path` refers to, and the longest prefix of it that exists.
  public func member(at path: String) -> (member: Member?, existingPrefix: String) {
    if let attribute = attributes[path] { return (.attribute(attribute), path) }
    if let submodule = submodules[path] { return (.submodule(submodule), path) }
    var dot = path.endIndex
    while let earlier = path[..<dot].lastIndex(of: ".") {
      dot = earlier
      let head = String(path[..<dot])
      if let submodule = submodules[head] {
        let (member, prefix) = submodule.member(at: String(path[path.index(after: dot)...]))
        return (member, prefix.isEmpty ? head : "\(head).\(prefix)")
      }
      if attributes[head] != nil { return (nil, head) }
    }
    return (nil, "")
  }

  /// The submodule at a dotted path, or `nil` if there is none.
  public func submodule(at path: String) -> GraphModule? {
    if case .submodule(let module) = member(at: path).member { module } else { nil }
  }

  /// The attribute at a dotted path, or `nil` if there is none.
  public func attribute(at path: String) -> AttributeID? {
    if case .attribute(let id) = member(at: path).member { id } else { nil }
  }

  /// Sets an attribute at a dotted path, creating containers as needed.
  public mutating func setAttribute(_ id: AttributeID, at path: String) {
    update(path) { module, name in module.attributes[name] = id }
  }

  /// Sets a submodule at a dotted path, creating containers as needed.
  public mutating func setSubmodule(_ submodule: GraphModule, at path: String) {
    update(path) { module, name in module.submodules[name] = submodule }
  }

  /// Removes the attribute at a dotted path; does nothing if there is none.
  public mutating func removeAttribute(at path: String) {
    if attributes.removeValue(forKey: path) != nil { return }
    guard let dot = path.firstIndex(of: ".") else { return }
    submodules[String(path[..<dot])]?.removeAttribute(at: String(path[path.index(after: dot)...]))
  }

  /// Removes the submodule at a dotted path.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  public mutating func deleteSubmodule(at path: String) -> Bool {
    guard submodule(at: path) != nil else { return false }
    if submodules.removeValue(forKey: path) != nil { return true }
    guard let dot = path.firstIndex(of: ".") else { return false }
    let rest = String(path[path.index(after: dot)...])
    return submodules[String(path[..<dot])]?.deleteSubmodule(at: rest) ?? false
  }

  /// Removes the submodules that no node of the graph uses, directly or through a submodule inside them.
  ///
  /// A submodule that contains a used one is kept, and so are the submodules inside a used one.
  ///
  /// - Source: `GraphModule.delete_all_unused_submodules` in `torch/fx/graph_module.py`, v2.13.
  public mutating func deleteAllUnusedSubmodules() {
    var used: Set<String> = []
    for node in graph.nodes {
      if [.callModule, .getAttr].contains(graph.op(of: node)) { used.insert(graph.target(of: node).text) }
      let note = { (argument: Node.Argument) in
        argument.forEachSubmodule { used.insert($0) }
      }
      graph.args(of: node).forEach(note)
      graph.kwargs(of: node).forEach { note($0.value) }
    }
    for entry in namedModules.reversed() where !entry.name.isEmpty {
      let isUsed = used.contains {
        $0 == entry.name || $0.hasPrefix(entry.name + ".") || entry.name.hasPrefix($0 + ".")
      }
      if !isUsed { deleteSubmodule(at: entry.name) }
    }
  }

  private mutating func update(_ path: String, _ change: (inout GraphModule, String) -> Void) {
    guard let dot = path.firstIndex(of: ".") else { return change(&self, path) }
    let head = String(path[..<dot])
    submodules[head, default: GraphModule(className: "Module")]
      .update(String(path[path.index(after: dot)...]), change)
  }

  /// This module and all below it, with their dotted paths, outermost first (PyTorch's `named_modules`).
  public var namedModules: [Named<GraphModule>] {
    var modules: [Named<GraphModule>] = []
    forEachModule { modules.append(Named($0, $1)) }
    return modules
  }

  /// Calls `body` for this module and all below it, with their dotted paths, outermost first.
  public func forEachModule<Failure>(
    _ body: (String, GraphModule) throws(Failure) -> Void
  ) throws(Failure) {
    try body("", self)
    // Even for an empty dictionary, the runtime would have to create the iterator's types, which takes longer than most
    // operator rules.
    if submodules.isEmpty { return }
    for (name, module) in submodules {
      try module.forEachModule { (path, module) throws(Failure) in
        try body(path.isEmpty ? name : "\(name).\(path)", module)
      }
    }
  }
}

extension GraphModule: Equatable {
  /// Whether graphs, attributes, submodules and signatures are equal.
  public static func == (lhs: GraphModule, rhs: GraphModule) -> Bool {
    lhs.className == rhs.className && lhs.graph == rhs.graph && lhs.attributes == rhs.attributes
      && lhs.submodules == rhs.submodules && lhs.signature == rhs.signature
      && lhs.isImpure == rhs.isImpure
  }
}
