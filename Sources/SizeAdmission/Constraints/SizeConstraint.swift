import FX
import ShapePropagation
public import SymbolicExpressions

/// A condition on the sizes of a program's inputs.
public struct SizeConstraint: Sendable {
  /// Who requires it.
  public enum Force: Sendable {
    /// The program states it, and PyTorch refuses other sizes.
    case checked
    /// An operator of the program refuses other sizes.
    case needed
    /// The exporter's run relied on it.
    ///
    /// With other sizes the program may still run, and its shapes may then be different formulas.
    case assumed
  }

  /// The kinds of requirements.
  public enum Demand: Equatable, Sendable {
    /// A condition in the arena of ``SizeRules/shapes``.
    case condition(SymExpr)
    /// Text that could not be parsed, and why.
    case unread(String, problem: String)
  }

  /// The requirement.
  public let demand: Demand
  /// Who requires it.
  public internal(set) var force: Force
  /// Its origins, the most informative first.
  public internal(set) var origins: [ConstraintOrigin]
  /// Whether the exporter's run only chose a kernel of a convolution by it: it limits no size, and no shape relies on it.
  public internal(set) var isChoiceOfKernel = false

  /// The condition, in the arena of ``SizeRules/shapes``; `nil` for text that could not be parsed.
  public var condition: SymExpr? { if case .condition(let condition) = demand { condition } else { nil } }
}

/// Where a constraint comes from.
public enum ConstraintOrigin: Hashable, Sendable, CustomStringConvertible {
  /// The size that the program expects of an input; the dim is nil for an integer.
  case input(String, dim: Int?)
  /// A range of the archive, by the symbol or expression it bounds.
  case range(String)
  /// A guard that the exporter wrote, by its position in `guards_code`.
  case exporterGuard(Int, code: String)
  /// A node of the graph, with the author's source line.
  case node(String, source: String?)
  /// A node's error message for sizes that it refuses.
  case refusal(String)

  /// The node that a fact comes from.
  init(_ place: Provenance) {
    self = .node(
      place.qualifiedName, source: place.frame.map { "\($0.fileName):\($0.line)  \($0.code)" })
  }

  /// The origin as text.
  public var description: String {
    switch self {
    case .input(let name, let dim?): "input \(name), dim \(dim)"
    case .input(let name, nil): "input \(name)"
    case .range(let text): "range of \(text)"
    case .exporterGuard(let index, let code): "guards_code[\(index)]   \(code)"
    case .node(let name, let source?): "node \(name)   \(source)"
    case .node(let name, nil): "node \(name)"
    case .refusal(let message): message
    }
  }
}
