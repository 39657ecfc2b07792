import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Propagates a program repeatedly, each time with other values of its symbols.
final class ShapeDerivation {
  private let program: FakeProgram
  private let context: PropagationContext
  /// What the archive states of all sizes.
  private let start: ShapeEnv.Checkpoint
  private var options = PropagationOptions(trustsRecorded: true)

  init(_ program: FakeProgram, _ table: OperatorTable) {
    self.program = program
    context = program.context(table: table)
    options.budget.operands = Self.mostOperands
    start = program.stated
    nodeCount = program.exported.graphModule.namedModules.reduce(0) { $0 + $1.value.graph.nodeCount }
  }

  /// How many nodes a run has.
  let nodeCount: Int

  /// The program's symbols.
  var shapes: ShapeEnv { program.shapes }
  private var graph: Graph { program.exported.graphModule.graph }

  /// The guards by which the run with symbols chose kernels.
  private var kernels: KernelChoices?

  /// Runs with symbols; what the run learns stays in the program's environment.
  func propagateSymbolically() -> PropagationError? {
    let result = run(program.inputs)
    kernels = KernelChoices(context, values: result.values)
    return result.error
  }

  /// Whether the sums and products that all runs built leave something for one more.
  ///
  /// Runs of ordinary programs build thousands of operands, not millions.
  var mayRunAgain: Bool { options.budget.operands > 0 }

  /// All runs share one budget of operands, as of proofs; one that checks given sizes has a little of its own.
  private static let mostOperands = 3_000_000
  private static let fewOperands = 200_000

  private func run(_ inputs: [FakeValue], leastOperands: Int = 0) -> Propagation {
    var given = options
    given.budget.operands = max(given.budget.operands, leastOperands)
    let result = context.propagate(inputs, options: given)
    options.budget.operands = max(0, options.budget.operands - shapes.operandsBuilt)
    // Further runs of an expensive program explain less.
    options.budget.proofs = shapes.hasSpentRunBudget ? 0 : shapes.runBudget.proofs
    return result
  }

  /// The hint of a symbol; 2 if the archive has none.
  func hint(of name: String) -> Int {
    guard let handle = shapes.arena.symbol(named: name), case .int(let hint)? = shapes.hint(of: handle) else {
      return 2
    }
    return hint
  }

  /// The program's rules, including what the last run learned.
  func rules() -> SizeRules { SizeRules(program, context, kernels) }

  /// Forgets what runs have learned.
  func restart() { shapes.restore(start) }

  /// The range of a symbol according to the archive.
  func range(of name: String) -> IntRange {
    guard let handle = shapes.arena.symbol(named: name) else { return .unbounded }
    return shapes.bound(of: shapes.symInt(handle))
  }

  /// How a run with numbers ended.
  enum Answer {
    case completed([SizeAnswer.Output])
    case failed(PropagationError, dependsOnOpenSizes: Bool)
  }

  /// The results for these values of the symbols, or the error that stopped the run.
  ///
  /// Decisions about symbols without a value are made by their hints.
  func derive(_ values: [(name: String, value: Int)]) -> Answer {
    shapes.restore(start)
    defer { shapes.restore(start) }
    let before = shapes.guards.count
    for (name, value) in values { fix(name, to: value) }
    let result = run(program.inputs.map(known), leastOperands: Self.fewOperands)
    guard let error = result.error else { return .completed(outputs(result)) }
    return .failed(error, dependsOnOpenSizes: shapes.guards.count > before)
  }

  /// What a run with symbols recorded.
  struct Trace {
    /// An assert that is deferred to run time.
    struct Assert {
      /// The condition on the sizes under which it can be satisfied.
      let demand: SymExpr
      let message: String
      let place: Provenance?
    }

    let guards: [Guard]
    let asserts: [Assert]
    /// The error that stopped the run, if any.
    let error: PropagationError?
  }

  /// Runs with these examples: symbols in `numbers` are replaced by their numbers, the others stay symbols.
  func trace(_ examples: [(name: String, value: Int)], numbers: Set<String>) -> Trace {
    shapes.restore(start)
    defer { shapes.restore(start) }
    let before = shapes.guards.count
    for (name, value) in examples {
      if numbers.contains(name) {
        fix(name, to: value)
      } else {
        redeclare(name, range: range(of: name), example: value)
      }
    }
    let error = run(program.inputs.map(known)).error
    var asserts: [Trace.Assert] = []
    for (_, assert) in shapes.runtimeAsserts {
      for demand in shapes.demandsOnKnownValues(of: assert.expression) {
        asserts.append(
          Trace.Assert(demand: demand, message: assert.message, place: context.provenance(of: assert.origin)))
      }
    }
    return Trace(guards: Array(shapes.guards.dropFirst(before)), asserts: asserts, error: error)
  }

  /// Replaces a symbol by a number.
  ///
  /// The archive's range may be narrower: PyTorch runs sizes of 0 and 1, whatever the exporter assumed.
  private func fix(_ name: String, to value: Int) {
    redeclare(name, range: IntRange(lower: value, upper: value), example: value)
    guard let symbol = shapes.arena.symbol(named: name).flatMap({ shapes.arena.asSymbol($0) }) else { return }
    shapes.equate(symbol, shapes.arena.integer(value))
  }

  private func redeclare(_ name: String, range: IntRange, example: Int) {
    guard let symbol = shapes.arena.symbol(named: name).flatMap({ shapes.arena.asSymbol($0) }) else { return }
    shapes.declare(
      name, shapes.arena.assumptions(of: symbol), kind: shapes.symbolKind(symbol), range: .int(range),
      hint: .int(example))
  }

  /// An input with the values of its symbols filled in.
  private func known(_ value: FakeValue) -> FakeValue {
    switch value {
    case .tensor(let tensor) where tensor.sizes.contains(where: \.isSymbolic) && tensor.layout == .strided:
      let known = program.mode.tensor(
        resolved(tensor.sizes), strides: resolved(tensor.strides), dtype: tensor.dtype, device: tensor.device)
      known.requiresGrad = tensor.requiresGrad
      return .tensor(known)
    case .symInt(let number): return .symInt(shapes.resolve(number))
    default: return value
    }
  }

  private func resolved(_ sizes: Sizes) -> Sizes {
    var result = Sizes()
    for size in sizes { result.append(shapes.resolve(size)) }
    return result
  }

  private func outputs(_ result: Propagation) -> [SizeAnswer.Output] {
    let specs = program.exported.signature.outputSpecs.filter {
      $0.kind == .userOutput || $0.kind == .lossOutput
    }
    return specs.compactMap { spec in
      guard let name = spec.argument.name, let node = graph.node(named: name), let value = result.values[node]
      else { return nil }
      return SizeAnswer.Output(
        name: name, text: shapes.shortText(of: value) ?? "None", symbols: symbols(in: value))
    }
  }

  private func symbols(in value: FakeValue) -> [String] {
    var found: [SymExpr.Symbol] = []
    func add(_ size: SymInt) {
      guard let expression = shapes.resolve(size).symbolicExpression else { return }
      for symbol in shapes.arena.freeSymbols(of: expression) where !found.contains(symbol) {
        found.append(symbol)
      }
    }
    value.forEachTensor { for size in $0.sizes { add(size) } }
    if case .symInt(let number) = value { add(number) }
    return found.map { symbol in
      let range = shapes.bound(of: shapes.symInt(shapes.arena.handle(of: symbol)))
      return "\(shapes.arena.name(of: symbol)) in \(ShapeEnv.text(of: range))"
    }
  }
}

extension PropagationError {
  /// The failed node's name, after the path of its module.
  var nodeName: String? { provenance?.qualifiedName ?? node }

  /// The failed node with the author's innermost source line, such as `model.py:14  return x + y`.
  var nodeOrigin: ConstraintOrigin? {
    let line = stackTrace.flatMap { StackFrame(authorsIn: $0) }.map {
      "\($0.fileName):\($0.line)  \($0.code)"
    }
    return nodeName.map { .node($0, source: line) }
  }
}
