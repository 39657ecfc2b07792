import ExportedPrograms
public import FX
public import FakeTensors
import OperatorSchemas
public import ShapePropagation
public import SymbolicExpressions
public import SymbolicShapes
import TensorVocabulary

/// The costs of a program, as formulas of its symbols: the live memory after each node, and the floating-point
/// operations of each node.
///
/// ```swift
/// let program = try FakeProgram(ExportedProgram(path: "model.pt2"))
/// let costs = ProgramCosts(program, table: .aten)
/// print(costs.shapes.text(of: costs.peak.formula), costs.shapes.text(of: costs.flops))
/// let sizes = try CostAssignment([("s0", 8)], in: costs.shapes)
/// print(costs.value(of: costs.peak.formula, at: sizes))
/// ```
///
/// Memory is that of PyTorch's interpreter: weights and inputs are live throughout, other values from the node that
/// creates them to their last use; views need none. The workspace of an operator is unknown.
public struct ProgramCosts {
  /// The costs of one node.
  public struct NodeCost {
    /// The node.
    public let node: Node
    /// The bytes that are live after it has run, before anything is freed.
    public let live: SymInt
    /// The bytes that it allocates.
    public let allocated: SymInt
    /// Its floating-point operations.
    public let flops: SymInt
  }

  /// A remark on the counts.
  public struct Remark: Sendable {
    /// The node or input that it is about.
    public let place: Provenance?
    /// The text.
    public let text: String
  }

  /// The program's context, after the run that the costs come from.
  public let context: PropagationContext
  /// The values of that run.
  public let result: Propagation
  /// The nodes that were reached, in order.
  public let nodes: [NodeCost]
  /// The bytes of parameters, buffers and constants.
  public let weights: SymInt
  /// The bytes of the inputs that the caller passes.
  public let inputs: SymInt
  /// The peak live memory.
  public let peak: PeakMemory
  /// All floating-point operations.
  public let flops: SymInt
  /// What the counts leave out or count differently.
  public let remarks: [Remark]
  /// Example values of the symbols: their hints, and 8 for symbols without a hint.
  public let example: CostAssignment

  /// The environment of the formulas.
  public var shapes: ShapeEnv { context.mode.shapes }
  /// The program's graph.
  public var graph: Graph { context.module.graph }
  /// The error that stopped propagation, so that later nodes are unknown; `nil` if it reached the end.
  public var error: PropagationError? { result.error }

  /// Propagates a program without gradients, as its kernels run, and counts.
  ///
  /// If a program does not propagate, the nodes that were reached are counted. A node whose operator has no rule
  /// gets the value that the archive recorded, and a remark.
  public init(_ program: FakeProgram, table: OperatorTable) {
    self.init(program, table: table, inputs: program.inputs)
  }

  /// Propagates and counts with inputs other than the archive's, such as tensors of known sizes.
  init(_ program: FakeProgram, table: OperatorTable, inputs values: [FakeValue]) {
    let context = PropagationContext(
      program.exported.graphModule, mode: program.mode, table: table.runningKernels(), facts: program)
    let nested = NestedRuns()
    context.nestedRunObserver = nested.note
    let tracksGradients = program.mode.isGradEnabled
    program.mode.isGradEnabled = false
    let result = context.propagate(values, options: PropagationOptions(trustsRecorded: true))
    program.mode.isGradEnabled = tracksGradients
    context.nestedRunObserver = nil
    let (graph, shapes) = (context.module.graph, context.mode.shapes)
    let weights = ProgramWeights(program.exported)
    let timeline = MemoryTimeline(
      graph, result.values, isWeight: { weights.contains($0, in: graph) }, shapes)
    var counter = FlopCounter(shapes)
    let tallies = counter.counts(of: nested.root(graph, result.values))
    let example = CostAssignment(completing: CostAssignment(), shapes)
    var total: [SymInt] = []
    nodes = timeline.points.map { point in
      let flops = tallies[point.node].map { shapes.resolve($0.total(shapes)) } ?? 0
      if flops != 0 { total.append(flops) }
      return NodeCost(node: point.node, live: point.live, allocated: point.allocated, flops: flops)
    }
    flops = shapes.sum(total)
    peak = PeakMemory(timeline.points, Domination(shapes, example: example))
    self.weights = timeline.weights
    inputs = timeline.inputs
    self.example = example
    self.context = context
    self.result = result
    remarks =
      counter.remarks.map { remark in
        let module = remark.path.isEmpty ? context.module : context.module.submodule(at: remark.path)
        return Remark(
          place: module.flatMap { Provenance(remark.node, of: $0.graph, at: remark.path) }, text: remark.text)
      }
      + result.trusted.map {
        Remark(
          place: Provenance($0, of: graph),
          text:
            "its operator has no shape rule: the recorded value is taken, and its operations are not counted")
      }
      + timeline.unknown.map {
        Remark(
          place: Provenance($0, of: graph), text: "its layout is not strided, so its memory is not counted")
      }
  }

  /// The value of a formula at given sizes.
  public func value(of size: SymInt, at sizes: CostAssignment) -> CostAssignment.Value {
    sizes.value(of: size, shapes)
  }

  /// The peak live memory besides weights and inputs.
  public var temporaries: SymInt {
    let others = shapes.add(weights, inputs)
    let points = peak.points.map { shapes.sub($0.live, others) }
    return points.dropFirst().reduce(points.first ?? 0, shapes.max)
  }

  /// The bounds of a formula; `nil` for a missing bound.
  public func bounds(of size: SymInt) -> (lower: Int?, upper: Int?) {
    if size == .tooLarge { return (nil, nil) }
    let range = shapes.bound(of: size)
    return (range.lower == .min ? nil : range.lower, range.isBoundedAbove ? range.upper : nil)
  }

  /// The symbols that leave a formula without an upper bound, with the check to add for each.
  public func missingBounds(of size: SymInt) -> [MissingBound] {
    var names: AuthorNames?
    return MissingBound.of(size, context, values: result.values) {
      if let names { return names }
      let made = AuthorNames(context, values: result.values, fresh: result.fresh)
      names = made
      return made
    }
  }

  /// The symbol on which a formula depends most, and how many times larger it gets when that doubles.
  public func dominantSymbol(
    of size: SymInt, at sizes: CostAssignment = CostAssignment()
  ) -> (symbol: SymExpr.Symbol, growth: Double)? {
    shapes.dominantSymbol(of: size, at: CostAssignment(completing: sizes, shapes))
  }

  /// The elements of the largest tensor of a node's value, and the total bytes of its tensors.
  public func size(of node: Node) -> (elements: SymInt, bytes: SymInt) {
    var (elements, bytes): (SymInt, SymInt) = (0, 0)
    result.values[node]?.forEachTensor { tensor in
      let count = shapes.resolve(shapes.product(tensor.sizes))
      elements = elements == 0 ? count : shapes.larger(elements, count)
      bytes = shapes.add(bytes, shapes.mul(count, SymInt(tensor.dtype.itemSize)))
    }
    return (elements, bytes)
  }

  /// The node with the most live memory at given sizes, the first of several.
  public func peakNode(at sizes: CostAssignment) -> (node: NodeCost, bytes: Int)? {
    var best: (node: NodeCost, bytes: Int)?
    for node in nodes {
      guard case .known(let bytes) = value(of: node.live, at: sizes) else { return nil }
      if best.map({ bytes > $0.bytes }) ?? true { best = (node, bytes) }
    }
    return best
  }
}
