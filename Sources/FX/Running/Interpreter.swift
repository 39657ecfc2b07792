/// Runs a module node by node; subclasses decide what each kind of node does.
///
/// The methods call each other as in PyTorch, and each can be overridden:
///
///     run ─▶ runNode ─▶ placeholder · getAttr · callFunction · callMethod · callModule · output
///
/// `Value` is what a run computes. This class passes values on, looks up attributes, selects elements and runs
/// submodules. A subclass defines what operators do:
///
/// ```swift
/// /// Writes a graph as nested calls.
/// final class CallWriter: Interpreter<String> {
///   override func callFunction(
///     _ target: Node.Target, _ args: [PyTree<String>], _ kwargs: [Named<PyTree<String>>]
///   ) throws -> PyTree<String> {
///     .value("\(target)(\(args.map { $0.text { $0 } }.joined(separator: ", ")))")
///   }
/// }
/// ```
///
/// - Source: `torch/fx/interpreter.py`, v2.13.
open class Interpreter<Value> {
  /// What is being run, and the progress of the run.
  @usableFromInline struct Frame {
    var module: GraphModule
    /// The dotted path of the module, relative to the interpreter's own.
    var path = ""
    @usableFromInline var graph: Graph
    var lastUses: LastUses?
    @usableFromInline var env: NodeMap<PyTree<Value>>
    var inputs = RunInputs<Value>()
    var currentNode: Node?
  }

  @usableFromInline final var frame: Frame

  /// Whether values are released after their last use.
  public final let garbageCollectValues: Bool

  /// Creates an interpreter for a module.
  ///
  /// - Parameters:
  ///   - module: the module to run; attributes and submodules are looked up in it.
  ///   - garbageCollectValues: whether values are released after their last use. If not, ``env`` contains all of them
  ///     after the run.
  ///   - graph: a graph to run instead of the module's own, with the module's attributes and submodules.
  public init(_ module: GraphModule, garbageCollectValues: Bool = true, graph: Graph? = nil) {
    let graph = graph ?? module.graph
    self.garbageCollectValues = garbageCollectValues
    frame = Frame(
      module: module, graph: graph, lastUses: garbageCollectValues ? LastUses(of: graph) : nil,
      env: NodeMap(for: graph))
  }

  /// Runs one node: fetches its arguments and calls the method for its kind.
  open func runNode(_ node: Node) throws -> PyTree<Value> {
    let (args, kwargs) = try fetchArgsKwargsFromEnv(node)
    let target = graph.target(of: node)
    switch graph.op(of: node) {
    case .placeholder: return try placeholder(target, args, kwargs)
    case .getAttr: return try getAttr(target, args, kwargs)
    case .callFunction: return try callFunction(target, args, kwargs)
    case .callMethod: return try callMethod(target, args, kwargs)
    case .callModule: return try callModule(target, args, kwargs)
    case .output: return try output(target, args, kwargs)
    }
  }

  /// Returns the argument for a parameter: the one given by name, otherwise the next positional one, otherwise the
  /// default.
  ///
  /// `*args` gets a list of all remaining positional arguments, and `**kwargs` a dictionary of the keyword arguments
  /// that are not parameters.
  ///
  /// - Throws: ``InterpreterError/Kind/missingArgument(parameter:)`` if there is no default either.
  open func placeholder(
    _ target: Node.Target, _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>]
  ) throws -> PyTree<Value> {
    guard let input = frame.inputs.take(target.text) ?? args.first else {
      throw InterpreterError(.missingArgument(parameter: target.text))
    }
    return input
  }

  /// Returns the value of an attribute of the module, or a submodule.
  open func getAttr(
    _ target: Node.Target, _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>]
  ) throws -> PyTree<Value> {
    try fetchAttr(target.text)
  }

  /// Calls an operator or function.
  ///
  /// This class can only select elements of tuples, lists, dictionaries, strings and ranges.
  ///
  /// - Throws: ``InterpreterError/Kind/selection(_:)`` if there is no such element;
  ///   ``InterpreterError/Kind/unsupported(_:target:)`` for all other calls.
  open func callFunction(
    _ target: Node.Target, _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>]
  ) throws -> PyTree<Value> {
    guard target == .getitem else {
      throw InterpreterError(.unsupported(.callFunction, target: target.text))
    }
    guard args.count == 2, kwargs.isEmpty else {
      throw InterpreterError(.malformed(expectation: "two arguments, a container and a key"))
    }
    // Only a subclass knows the elements of a value, or what a value selects as a key.
    if args.contains(where: { $0.value != nil }) {
      throw InterpreterError(.unsupported(.callFunction, target: target.text))
    }
    do { return try args[0][args[1]] } catch { throw InterpreterError(.selection(error)) }
  }

  /// Calls a method of the first argument.
  open func callMethod(
    _ target: Node.Target, _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>]
  ) throws -> PyTree<Value> {
    throw InterpreterError(.unsupported(.callMethod, target: target.text))
  }

  /// Calls a submodule: runs its graph, with the nested inputs and outputs of its signature if it has one.
  ///
  /// PyTorch calls the submodule itself, so the interpreter's methods do not apply inside it. Here only the interpreter
  /// knows what values are, so it also runs the submodule; ``modulePath`` says which module is running. Override this
  /// method to change that.
  open func callModule(
    _ target: Node.Target, _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>]
  ) throws -> PyTree<Value> {
    guard case .module(let reference) = try fetchAttr(target.text) else {
      throw InterpreterError(.notAModule(path: target.text))
    }
    return try run(reference, args, kwargs)
  }

  /// Returns the graph's result: the first argument.
  open func output(
    _ target: Node.Target, _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>]
  ) throws -> PyTree<Value> {
    guard let result = args.first else {
      throw InterpreterError(.malformed(expectation: "one argument, the result"))
    }
    return result
  }

  /// Returns the attribute or submodule at a dotted path.
  ///
  /// - Throws: ``InterpreterError/Kind/noSuchAttribute(path:existingPrefix:)``.
  open func fetchAttr(_ path: String) throws -> PyTree<Value> {
    switch module.member(at: path) {
    case (.attribute(let id), _): return try attribute(id, path)
    case (.submodule(let submodule), _):
      return .module(ModuleReference(path: path, module: submodule))
    case (nil, let prefix):
      throw InterpreterError(.noSuchAttribute(path: path, existingPrefix: prefix))
    }
  }

  /// Returns the value of an attribute; a subclass that runs graphs with attributes overrides this.
  open func attribute(_ id: AttributeID, _ path: String) throws -> PyTree<Value> {
    throw InterpreterError(.noAttributeValue(path: path))
  }

  /// Returns an argument of a node with each node in it replaced by its value.
  ///
  /// Tuples, lists, dictionaries and slices keep their structure.
  ///
  /// - Throws: ``InterpreterError/Kind/missingValue(node:argument:)``.
  open func mapNodesToValues(_ argument: Node.Argument, for node: Node) throws -> PyTree<Value> {
    switch argument {
    case .node(let input):
      guard let value = frame.env[input] else {
        throw InterpreterError(
          .missingValue(node: graph.name(of: node), argument: graph.name(of: input)))
      }
      return value
    case .tuple(let items): return .tuple(try items.map { try mapNodesToValues($0, for: node) })
    case .list(let items): return .list(try items.map { try mapNodesToValues($0, for: node) })
    case .dict(let entries):
      return .dict(try entries.map { DictEntry($0.key, try mapNodesToValues($0.value, for: node)) })
    case .slice(let slice):
      return .slice(try slice.bounds.map { try mapNodesToValues($0, for: node) })
    case .submodule(let path), .tensorConstant(let path): return try fetchAttr(path)
    default: return .constant(argument)
    }
  }

  /// Returns the arguments of a node with each node in them replaced by its value.
  open func fetchArgsKwargsFromEnv(
    _ node: Node
  ) throws -> (args: [PyTree<Value>], kwargs: [Named<PyTree<Value>>]) {
    let (written, named) = (graph.args(of: node), graph.kwargs(of: node))
    // Loops, because `map` is not specialized for a type that this module does not know.
    var args: [PyTree<Value>] = []
    args.reserveCapacity(written.count)
    for argument in written { args.append(try mapNodesToValues(argument, for: node)) }
    var kwargs: [Named<PyTree<Value>>] = []
    for entry in named { kwargs.append(Named(entry.name, try mapNodesToValues(entry.value, for: node))) }
    return (args, kwargs)
  }

  /// Describes a value in an error message; by default as Swift prints it.
  open func describe(_ value: Value) -> String { "\(value)" }
}
