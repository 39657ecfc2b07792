public import FX
public import FakeTensors
public import SymbolicExpressions
public import SymbolicShapes

/// The guards that only choose the kernel of a convolution, so that they limit no size.
///
/// PyTorch records a guard for each condition that it looks at, also where either answer gives the same result: a batch of
/// at least 16 is one reason to take oneDNN.
///
/// - Source: `ConvParams::use_mkldnn` and `use_nnpack`, `aten/src/ATen/native/Convolution.cpp`, v2.13.
public struct KernelChoices {
  /// What is said about such a guard.
  public static let remark = "a choice of the convolution's kernel, not a limit"

  private let context: PropagationContext
  private let values: NodeMap<FakeValue>

  /// The choices of the last run in `context`, which gave `values`.
  public init(_ context: PropagationContext, values: NodeMap<FakeValue>) {
    self.context = context
    self.values = values
  }

  /// Whether the guard `condition`, taken at `origin`, chooses a kernel; `false` in nested graphs.
  public func contains(_ condition: SymExpr, at origin: ShapeEnv.Origin) -> Bool {
    guard let place = context.provenance(of: origin), place.modulePath.isEmpty,
      place.operatorName.hasPrefix("aten.conv") || place.operatorName.hasPrefix("aten._conv")
    else { return false }
    let first = place.operatorName.hasPrefix("aten.convolution_backward") ? 1 : 0
    guard let input = tensor(first, of: place.node), let weight = tensor(first + 1, of: place.node),
      let batch = input.sizes.first
    else { return false }
    let questions =
      [(batch, 16), (batch, 1), (shapes.product(input.sizes.prefix(4)), 20_480)]
      + weight.sizes.dropFirst(2).flatMap { [($0, 1), ($0, 3), ($0, 17)] }
    return questions.contains { size, number in isComparison(condition, of: size, with: number) }
  }

  private var shapes: ShapeEnv { context.mode.shapes }

  private func tensor(_ position: Int, of node: Node) -> FakeTensor? {
    guard case .node(let input)? = context.module.graph.argument(position, of: node) else { return nil }
    return values[input]?.tensor
  }

  private func isComparison(_ condition: SymExpr, of size: SymInt, with number: Int) -> Bool {
    guard size.isSymbolic else { return false }
    let (size, number) = (shapes.expression(size), shapes.arena.integer(number))
    return [RelationKind.lt, .le, .gt, .ge, .eq, .ne].contains { kind in
      let question = shapes.arena.relation(kind, size, number)
      return question == condition || shapes.resolve(question) == shapes.resolve(condition)
    }
  }
}
