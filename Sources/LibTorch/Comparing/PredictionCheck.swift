import ExportedPrograms
public import FX
import FakeTensors
public import ShapePropagation
public import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Holds what the nodes of a run give against what was predicted of them.
///
/// Dtype, sizes and strides of every tensor, and every number, are compared with the propagated ones, in which symbols
/// have the values that the run gave them.
public final class PredictionCheck {
  /// A node whose value is not as predicted.
  public struct Mismatch: Sendable {
    /// The node, or `assert` for a statement about the program.
    public let node: String
    /// The predicted value, such as `f32[s77, 4]`.
    public let predicted: String
    /// The value of the run, such as `f32[8, 5]`.
    public let real: String
  }

  /// What was not as predicted, in the order of the run.
  public private(set) var mismatches: [Mismatch] = []
  private let program: FakeProgram
  private let propagation: Propagation
  private let graph: Graph
  private let bindings: NodeMap<[UnbackedBinding]>
  private var symbols: SymbolValues
  /// Whether the strides of the node at hand are predicted.
  private var comparesStrides = true

  /// Operators whose fake result is a copy, but whose real result may be the input itself, with its strides.
  ///
  /// `dropout` outside of training is one: PyTorch's own fake tensors differ from a run there.
  private static let aliasesOfInputs: Set<String> = ["torch.ops.aten.dropout.default"]

  /// Propagates `program` in its context, and makes the check of one run.
  ///
  /// A run records no gradients, so the prediction must not either: attention, for one, takes another kernel with
  /// gradients, whose result has other strides.
  public init(_ program: FakeProgram, _ context: PropagationContext) {
    self.program = program
    let outside = program.mode.isGradEnabled
    defer { program.mode.isGradEnabled = outside }
    program.mode.isGradEnabled = false
    // Operators without a rule, such as those of loaded libraries, are predicted as the exporter recorded them.
    propagation = context.propagate(program.inputs, options: PropagationOptions(trustsRecorded: true))
    graph = program.exported.graphModule.graph
    bindings = program.bindings()
    symbols = SymbolValues(program.shapes)
  }

  /// The values that symbols took, by name.
  public var symbolValues: [(name: String, value: SymExpr.Number)] { symbols.byName }

  /// Compares the value of a node of the program's own graph.
  public func note(_ node: Node, _ real: PyTree<RealTensor>) {
    let shapes = program.shapes
    for binding in bindings[node] ?? [] { bind(binding, node, real) }
    guard let predicted = propagation.values[node] else { return }
    comparesStrides = !Self.aliasesOfInputs.contains(graph.target(of: node).text)
    if graph.op(of: node) == .placeholder { learn(predicted, real) }
    guard let difference = difference(predicted, real) else { return }
    mismatches.append(
      Mismatch(
        node: graph.name(of: node), predicted: shapes.text(of: predicted) + difference.predicted,
        real: real.text { $0.description } + difference.real))
  }

  /// Checks what was learned of the symbols' values at the end of a run.
  public func finish() {
    let shapes = program.shapes
    for (_, assert) in shapes.runtimeAsserts {
      if case .bool(false)? = symbols.value(assert.expression) {
        mismatches.append(
          Mismatch(node: "assert", predicted: shapes.text(of: assert.expression), real: "False"))
      }
    }
  }

  // Symbols

  private func bind(_ binding: UnbackedBinding, _ node: Node, _ real: PyTree<RealTensor>) {
    guard let value = RealPlace(real).number(at: binding.path, symbols, program.shapes) else { return }
    symbols.set(binding.symbol, value)
    guard case .int(let range)? = program.shapes.range(of: binding.symbol), case .int(let number) = value,
      !(range.lower...max(range.lower, range.upper)).contains(number)
    else { return }
    let name = program.shapes.arena.name(of: binding.symbol)
    mismatches.append(
      Mismatch(
        node: graph.name(of: node), predicted: "\(range.lower) <= \(name) <= \(range.upper)",
        real: "\(name) = \(number)"))
  }

  /// Takes the values of the symbols in the sizes of an input.
  private func learn(_ predicted: FakeValue, _ real: PyTree<RealTensor>) {
    let shapes = program.shapes
    switch (predicted, real) {
    case (.tensor(let tensor), .value(let given)):
      guard let sizes = try? given.sizes, sizes.count == tensor.sizes.count else { return }
      for (size, real) in zip(tensor.sizes, sizes) { symbols.learn(shapes.expression(size), .int(real)) }
    case (.symInt(let size), .constant(.int(let real))): symbols.learn(shapes.expression(size), .int(real))
    case (.symFloat(let value), .constant(.float(let real))): symbols.learn(value.expression, .float(real))
    default: break
    }
  }

  // Values

  /// What to add to the texts of both sides when they differ; `nil` when they agree.
  private func difference(
    _ predicted: FakeValue, _ real: PyTree<RealTensor>
  ) -> (predicted: String, real: String)? {
    let plain = ("", "")
    switch (predicted, real) {
    case (.tensor(let tensor), .value(let value)): return difference(tensor, value)
    case (.tensor(let tensor), .custom):
      // A value of `vmap` is predicted without the hidden dim; its rows have strides of their own.
      guard let row = BatchedRun.rows(real)?.rows.first else { return plain }
      let outside = comparesStrides
      defer { comparesStrides = outside }
      comparesStrides = false
      return difference(.tensor(tensor), row)
    case (.tensor, .constant), (.tensor, .tuple), (.tensor, .list): return plain
    case (.list(let items), _), (.tuple(let items), _):
      guard let elements = real.elements, elements.count == items.count else { return plain }
      return zip(items, elements).lazy.compactMap { self.difference($0, $1) }.first
    case (.symInt(let value), .constant(.int(let number))):
      return agrees(program.shapes.expression(value), .int(number)) ? nil : plain
    case (.symFloat(let value), .constant(.float(let number))):
      return agrees(value.expression, .float(number)) ? nil : plain
    case (.symBool(let value), .constant(.bool(let truth))):
      return agrees(value.expression, .bool(truth)) ? nil : plain
    case (.bool(let value), .constant(.bool(let truth))): return value == truth ? nil : plain
    default: return nil
    }
  }

  private func difference(_ predicted: FakeTensor, _ real: RealTensor) -> (predicted: String, real: String)? {
    let shapes = program.shapes
    guard let sizes = try? real.sizes, let dtype = try? real.dtype else { return ("", "") }
    guard dtype == predicted.dtype, sizes.count == predicted.sizes.count,
      zip(predicted.sizes, sizes).allSatisfy({ agrees(shapes.expression($0), .int($1)) })
    else { return ("", "") }
    guard comparesStrides, predicted.layout == .strided, (try? real.layout) == .strided,
      let strides = try? real.strides
    else {
      return nil
    }
    let known = predicted.strides.map { symbols.int(shapes.expression($0)) }
    let comparable = zip(known, strides).map { $0 ?? $1 }
    if StoredStrides.agree(comparable, strides, sizes: sizes) { return nil }
    return (" strides \(shapes.shortText(of: predicted.strides))", " strides \(strides)")
  }

  /// Whether an expression has this value, as far as its symbols have values.
  private func agrees(_ expression: SymExpr, _ real: SymExpr.Number) -> Bool {
    guard let value = symbols.value(expression) else { return true }
    switch (value, real) {
    case (.int(let a), .int(let b)): return a == b
    case (.bool(let a), .bool(let b)): return a == b
    case (.float(let a), _), (_, .float(let a)):
      let other = real.double
      return a == other || value.double == other || (value.double.isNaN && other.isNaN)
        || abs(value.double - other) <= 1e-12 * abs(other)
    default: return value.double == real.double
    }
  }
}
