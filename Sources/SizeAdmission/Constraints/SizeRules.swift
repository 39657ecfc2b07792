package import ShapePropagation
import SymbolicExpressions
public import SymbolicShapes

/// Everything a program requires of its input sizes, and what its exported shapes rely on.
///
/// ```swift
/// let checker = SizeChecker(try FakeProgram(exported), table: .aten)
/// for constraint in checker.rules.constraints { print(constraint.force, constraint.origins) }
/// ```
///
/// The rules have their own environment, so that assumptions made in propagation do not decide what is required of a
/// caller.
public struct SizeRules {
  /// The inputs that a caller gives, in order.
  public let inputs: [ProgramInput]
  /// The symbols of inputs and constraints.
  public let shapes: ShapeEnv
  /// The requirements: sizes of inputs first, then ranges, the exporter's guards, and what propagation found.
  public private(set) var constraints: [SizeConstraint] = []
  /// Each size of each input, with its symbol: `x.size()[0]`.
  let parameters: [Parameter]

  /// One integer that the caller gives.
  struct Parameter {
    let input: Int
    /// `nil` for an integer input.
    let dim: Int?
    /// The symbol for the given number.
    let given: SymExpr
    /// The expression that the program expects it to equal.
    let expected: SymExpr
  }

  /// The rules of a program, including what its last propagation in `context` learned.
  ///
  /// With `kernels`, the guards by which that run chose a kernel are marked.
  package init(_ program: FakeProgram, _ context: PropagationContext, _ kernels: KernelChoices? = nil) {
    shapes = ShapeEnv()
    shapes.profile = program.shapes.profile
    var collector = RuleCollector(program, context, shapes, kernels)
    inputs = collector.collectInputs()
    parameters = collector.parameters
    constraints = collector.collectConstraints()
  }

  /// `expression` from another arena, copied into that of ``shapes``.
  func imported(_ expression: SymExpr, from arena: borrowing ExprArena) -> SymExpr {
    var importer = ExpressionCopier(dropping: [.positive, .nonnegative])
    return importer.copy(expression, from: arena, into: &shapes.arena)
  }

  /// The names under which inputs can be given, including those of nested arguments.
  public var inputNames: [String] { inputs.map(\.name) }

  /// The position of the input called `name`, by placeholder or by path.
  public func input(named name: String) -> Int? {
    inputs.firstIndex { $0.name == name } ?? inputs.firstIndex { $0.path == name }
  }
}
