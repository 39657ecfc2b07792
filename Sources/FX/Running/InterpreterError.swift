/// Why a run stopped, and where.
public struct InterpreterError: Error {
  /// What went wrong, for code that handles some cases itself.
  public enum Kind: Equatable, Sendable {
    /// The run was given no value for a parameter without a default.
    case missingArgument(parameter: String)
    /// There are fewer arguments than the graph or its signature takes.
    case tooFewArguments(expected: Int, received: Int)
    /// There are more arguments than the graph or its signature takes.
    case tooManyArguments(expected: Int, received: Int)
    /// A keyword argument does not name a parameter.
    case unexpectedKeyword(String)
    /// An argument is given twice, by position and by name or twice by name.
    case repeatedArgument(parameter: String)
    /// A node uses a value that no earlier node computed, or that was already released.
    case missingValue(node: String, argument: String)
    /// The module has nothing at this path.
    case noSuchAttribute(path: String, existingPrefix: String)
    /// The module has an attribute here, but the run does not know its value.
    case noAttributeValue(path: String)
    /// A node calls something that is not a module.
    case notAModule(path: String)
    /// The interpreter does not implement this operation.
    case unsupported(Graph.Op, target: String)
    /// A node does not have the arguments that its operation needs.
    case malformed(expectation: String)
    /// A container has no element for a key.
    case selection(SelectionError)
    /// The structure of the inputs or outputs does not match the module's signature.
    case structure(TreeSpecError)
    /// The evaluation of the node threw an error: see ``InterpreterError/underlying``.
    case evaluationFailed
  }

  /// What went wrong.
  public let kind: Kind
  /// The node as `str(graph)` prints it, or `nil` if the error concerns no node.
  public var node: String?
  /// The operator, method or path that the node calls.
  public var target: String?
  /// The arguments of the node as written, each with its value if it was known.
  public var arguments: [Named<String>] = []
  /// Where the author's program created the node, innermost frame last.
  public var stackTrace: String?
  /// The error thrown by the evaluation.
  public var underlying: (any Error)?
  /// For a failure in a submodule, the nodes that called it, innermost first.
  public var callers: [String] = []

  /// Creates the error for a wrong number of arguments.
  init(wrongCount received: Int, expected: Int) {
    self.init(
      received < expected
        ? .tooFewArguments(expected: expected, received: received)
        : .tooManyArguments(expected: expected, received: received))
  }

  /// Creates an error that does not know its node yet.
  public init(_ kind: Kind, underlying: (any Error)? = nil) {
    self.kind = kind
    self.underlying = underlying
  }
}

extension InterpreterError {
  /// Adds the node at which an error occurred.
  ///
  /// An error that already knows its node gets this one as a further caller.
  public init(
    _ error: any Error, at node: Node, of graph: Graph, arguments: @autoclosure () -> [Named<String>]
  ) {
    self = error as? InterpreterError ?? InterpreterError(.evaluationFailed, underlying: error)
    guard self.node == nil else {
      callers.append(graph.format(node))
      return
    }
    self.node = graph.format(node)
    self.target = graph.target(of: node).text
    self.arguments = arguments()
    self.stackTrace = graph.stackTrace(of: node)
  }
}

extension InterpreterError: CustomStringConvertible {
  /// What happened, the node, its arguments, and the author's line.
  ///
  ///     error: sizes 3 and 4 do not match
  ///       node   %add : [num_users=1] = call_function[target=torch.ops.aten.add.Tensor](args = (%x, %y), …)
  ///       given  x: f32[3]
  ///       given  y: f32[4]
  ///       at     model.py:14 in forward: return x + y
  public var description: String {
    var lines = ["error: \(sentence)"]
    if let node { lines.append("  node   \(node)") }
    lines += arguments.map { "  given  \($0.name): \($0.value)" }
    if let stackTrace {
      if let frame = StackFrame(innermostOf: stackTrace) {
        lines.append("  at     \(frame)")
      } else {
        lines.append("  at     \(stackTrace)")
      }
    }
    lines += callers.map { "  from   \($0)" }
    return lines.joined(separator: "\n")
  }

  private var sentence: String {
    switch kind {
    case .missingArgument(let parameter):
      "expected an argument for parameter '\(parameter)', but none was passed in"
    case .tooFewArguments(let expected, let received):
      "\(expected) arguments are expected, but only \(received) were passed in"
    case .tooManyArguments(let expected, let received):
      "\(expected) arguments are expected, but \(received) were passed in"
    case .unexpectedKeyword(let name):
      "'\(name)' was passed in by name, but there is no such parameter"
    case .repeatedArgument(let parameter):
      "several arguments were passed in for parameter '\(parameter)'"
    case .missingValue(let node, let argument):
      "node '\(node)' uses '\(argument)', which has no value; lint() finds out why"
    case .noSuchAttribute(let path, let prefix):
      "'\(path)' does not exist: "
        + (prefix.isEmpty ? "not even its first part does" : "the longest part that exists is '\(prefix)'")
    case .noAttributeValue(let path):
      "the value of attribute '\(path)' is not known to this run"
    case .notAModule(let path):
      "'\(path)' is not a module and cannot be called"
    case .unsupported(let op, let target):
      "this interpreter does not know what \(op.name) of '\(target)' does"
    case .malformed(let expectation):
      "the node must have \(expectation)"
    case .selection(let error):
      error.description
    case .structure(let error):
      error.description
    case .evaluationFailed:
      underlying.map { "\($0)" } ?? "the evaluation failed"
    }
  }
}
