import FX
public import FakeTensors
public import SymbolicShapes

/// Why the shapes of a program could not be propagated, and where.
public struct PropagationError: Error {
  /// What went wrong.
  public enum Kind: Sendable {
    /// A node's operator refused its arguments.
    case operatorFailed(OperatorError)
    /// A symbolic question failed outside an operator, such as a binding that is not found.
    case symbolic(SymbolicShapeError)
    /// Operators without a rule, with the number of nodes that call them.
    case unsupportedOperators([(target: String, count: Int)])
    /// The graph cannot be run as it is.
    case malformed(String)
    /// A user's rule threw an error of its own.
    case other(any Error)
  }

  /// What went wrong.
  public let kind: Kind
  /// The node's name, when one failed.
  public let node: String?
  /// The node as PyTorch prints it.
  public let nodeText: String?
  /// The author's source lines, innermost last.
  public let stackTrace: String?

  init(_ kind: Kind, _ node: Node? = nil, in graph: Graph? = nil) {
    self.kind = kind
    self.node = node.flatMap { node in graph.map { $0.name(of: node) } }
    nodeText = node.flatMap { node in graph.map { $0.format(node) } }
    stackTrace = node.flatMap { node in graph.flatMap { $0.stackTrace(of: node) } }
  }

  init(_ node: Node, in graph: Graph, _ message: String) { self.init(.malformed(message), node, in: graph) }

  /// A name for programs to switch on, PyTorch's exception class where there is one.
  public var kindName: String {
    switch kind {
    case .operatorFailed(let error):
      switch error.kind {
      case .dataDependent: "GuardOnDataDependentSymNode"
      case .dynamicOutputShape: "DynamicOutputShapeException"
      case .dataDependentOutput: "DataDependentOutputException"
      case .unsupported, .noRule: "UnsupportedOperator"
      default: "RuntimeError"
      }
    case .symbolic(let error):
      error.kind == .dataDependent ? "GuardOnDataDependentSymNode" : "SymbolicShapeError"
    case .unsupportedOperators: "UnsupportedOperator"
    case .malformed: "MalformedGraph"
    case .other: "Error"
    }
  }

  /// One sentence without the context.
  public var message: String {
    switch kind {
    case .operatorFailed(let error): "\(error.operator): \(error.message)"
    case .symbolic(let error): error.message
    case .unsupportedOperators(let operators):
      "no shape rule for " + operators.map { "\($0.target) (\($0.count))" }.joined(separator: ", ")
    case .malformed(let text): text
    case .other(let error): "\(error)"
    }
  }
}

extension PropagationError: CustomStringConvertible {
  /// The message and where it happened, a line each.
  public var description: String {
    var text = message
    if let nodeText { text += "\n  node   \(nodeText)" }
    if case .operatorFailed(let error) = kind {
      for (name, value) in error.arguments { text += "\n  given  \(name): \(value)" }
    }
    if let stackTrace {
      let lines = stackTrace.split(separator: "\n").suffix(2).map { $0.drop(while: { $0 == " " }) }
      text += "\n  at     \(lines.joined(separator: ": "))"
    }
    if case .operatorFailed(let error) = kind, let hint = error.hint { text += "\n  hint   \(hint)" }
    if case .unsupportedOperators = kind {
      text += "\n  hint   --trust-recorded takes the recorded values of these nodes"
    }
    return text
  }
}
