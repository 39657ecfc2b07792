import FX
public import FakeTensors
public import SymbolicShapes

/// Why the shapes of a program could not be propagated, and where.
public struct PropagationError: Error {
  /// What went wrong.
  public enum Kind: Sendable {
    /// A node's operator refused its arguments.
    case operatorFailed(OperatorError)
    /// A symbolic question failed outside an operator, such as a binding that was not found.
    case symbolic(SymbolicShapeError)
    /// Operators without a rule.
    case unsupportedOperators([UnsupportedOperator])
    /// The graph cannot be run as it is.
    case malformed(String)
    /// No value was given for an input without a default.
    case missingInput(String)
    /// More values were given than the program has inputs.
    case inputCount(expected: Int, received: Int)
    /// A value was given for an unknown name, or for an input that already has a positional value.
    case unknownInput(String)
    /// A node reads an attribute whose value is unknown.
    case noAttribute(String)
    /// The graph is not an edited copy of the program's, so its node numbers mean nothing.
    case foreignGraph
    /// A rule of the run propagates another program with the tensors of the run.
    case runsAlready
    /// A user's rule threw an error of another type.
    case other(any Error)
  }

  /// What went wrong.
  public let kind: Kind
  /// The name of the node that failed, if there is one.
  public let node: String?
  /// The node as PyTorch prints it.
  public let nodeText: String?
  /// The author's source lines, innermost last.
  public let stackTrace: String?
  /// The node with the module it is in.
  public let provenance: Provenance?
  /// For a check that cannot hold: the required condition and the facts that contradict it.
  public let conflict: ExplainedConflict?
  /// The step that failed.
  let origin: ShapeEnv.Origin

  init(
    _ kind: Kind, _ node: Node? = nil, in graph: Graph? = nil, at path: String = "", number: UInt32 = 0,
    conflict: ExplainedConflict? = nil
  ) {
    self.kind = kind
    self.conflict = conflict
    provenance = node.flatMap { node in graph.flatMap { Provenance(node, of: $0, at: path) } }
    origin = node.map { ShapeEnv.Origin(step: $0.index, graph: number) } ?? .input
    self.node = node.flatMap { node in graph.map { $0.name(of: node) } }
    nodeText = node.flatMap { node in graph.map { $0.format(node) } }
    stackTrace = node.flatMap { node in graph.flatMap { $0.stackTrace(of: node) } }
  }

  /// A name for programs to switch on: PyTorch's exception class where there is one.
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
      error.kind == .dataDependent || error.kind == .dataDependentInteger
        ? "GuardOnDataDependentSymNode" : "SymbolicShapeError"
    case .unsupportedOperators: "UnsupportedOperator"
    case .malformed: "MalformedGraph"
    case .missingInput, .inputCount, .unknownInput: "WrongInputs"
    case .noAttribute: "AttributeError"
    case .foreignGraph: "ForeignGraph"
    case .runsAlready: "RunsAlready"
    case .other: "Error"
    }
  }

  /// Whether a data-dependent decision or number stopped the run.
  public var isDataDependent: Bool {
    switch kind {
    case .operatorFailed(let error):
      if case .dataDependent = error.kind { true } else { false }
    case .symbolic(let error): error.kind == .dataDependent || error.kind == .dataDependentInteger
    default: false
    }
  }

  /// The message without PyTorch's repetition of the expression and its symbols.
  public var shortMessage: String { Self.shortened(message) }

  static func shortened(_ message: String) -> String {
    String(message.split(separator: " (unhinted").first ?? "")
  }

  /// One sentence, without the context.
  public var message: String {
    switch kind {
    case .operatorFailed(let error): "\(error.operator): \(error.message)"
    case .symbolic(let error): error.message
    case .unsupportedOperators(let operators):
      "no shape rule for " + operators.map { "\($0.target) (\($0.nodes.count))" }.joined(separator: ", ")
    case .malformed(let text): text
    case .missingInput(let name): "no value was given for input '\(name)'"
    case .inputCount(let expected, let received):
      "the program takes \(expected) inputs, \(received) were given"
    case .unknownInput(let name): "the program has no further input called '\(name)'"
    case .noAttribute(let name): "the value of attribute '\(name)' is not known"
    case .foreignGraph:
      "the graph was not made by editing that of the program; give the map of its nodes, as a transform returns it"
    case .runsAlready:
      "a rule may not propagate with the tensors of the run that it is part of; give that run a FakeTensorMode of its own"
    case .other(let error): "\(error)"
    }
  }
}

extension PropagationError: CustomStringConvertible {
  /// The message and where it happened, one fact per line.
  public var description: String {
    var text = message
    if let nodeText { text += "\n  node   \(nodeText)" }
    for detail in details { text += "\n  \(detail)" }
    return text
  }

  /// A labelled line beside the message: `given`, `check`, `known`, `maybe`, `nodes`, `at` or `hint`.
  public struct Detail: Hashable, Sendable, CustomStringConvertible {
    /// What kind of line it is.
    public let label: String
    /// The text beside the label.
    public let text: String

    /// The label, padded to seven columns, and the text.
    public var description: String {
      label + String(repeating: " ", count: max(1, 7 - label.count)) + text
    }
  }

  /// The arguments of the node, the facts that a check conflicts with, the author's source line and a hint, as far as
  /// they are known.
  public var details: [Detail] {
    var details: [Detail] = []
    if case .operatorFailed(let error) = kind {
      details += error.arguments.map { Detail(label: "given", text: "\($0.name): \($0.value)") }
    }
    details += conflict?.details ?? []
    if let frame = stackTrace.flatMap({ StackFrame(authorsIn: $0) ?? StackFrame(innermostOf: $0) }) {
      details.append(Detail(label: "at", text: "\(frame)"))
    }
    if case .operatorFailed(let error) = kind, let hint = error.hint {
      details.append(Detail(label: "hint", text: hint))
    }
    if case .unsupportedOperators(let operators) = kind {
      for entry in operators { details += entry.details }
      details.append(
        Detail(
          label: "hint",
          text: "add a rule to the table of operators, or trust the values that were recorded for these nodes"
        ))
    }
    return details
  }
}

extension UnsupportedOperator {
  /// The maximum number of nodes that a message names.
  private static let mostNodes = 5

  /// The nodes that call the operator, and operators that its author may have meant.
  fileprivate var details: [PropagationError.Detail] {
    let more = nodes.count - Self.mostNodes
    let names = nodes.prefix(Self.mostNodes).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    let called = PropagationError.Detail(label: "nodes", text: "\(target): \(names)")
    if similar.isEmpty { return [called] }
    return [
      called,
      PropagationError.Detail(label: "hint", text: "did you mean \(similar.joined(separator: " or "))?"),
    ]
  }
}
