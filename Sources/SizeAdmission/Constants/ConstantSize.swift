public import ATenOperators
public import ExportedPrograms
import FX
public import FakeTensors
public import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// An input size that is a number in the archive, although another example might have had another number.
public struct ConstantSize: Sendable {
  /// What fixes it.
  public enum Cause: Sendable {
    /// Propagation leaves no other number, because of what a node requires, given as text.
    case needed(String, Provenance?)
    /// A node constrains it, but other numbers also satisfy the constraint, such as a multiple of 4, the size of
    /// another input, or an upper bound.
    case tied(String, Provenance?)
    /// Nothing in the program: the exporter specialized it to the example.
    case exporter
    /// Unknown, because part of the program cannot be propagated.
    case unknown
  }

  /// The input that has it.
  public let input: String
  /// `x.shape[1]`, or `k` for an integer.
  public let name: String
  /// The number.
  public let value: Int
  /// What fixes it.
  public let cause: Cause
  /// Where the numbers that the cause speaks of arose, those other than the size's own input.
  public let sources: [NumberSource]

  /// The constant sizes of a program's inputs, each with what fixes it.
  ///
  /// Each is replaced by a symbol with the number as its hint, and the program is propagated once more. What its
  /// operators require of the symbols explains why the numbers are fixed.
  ///
  /// - Complexity: one load of the program from its parts, and one propagation.
  /// - Throws: ``PropagationError`` if an expression of the archive cannot be parsed.
  public static func all(
    in exported: ExportedProgram, table: OperatorTable = .aten
  ) throws -> [ConstantSize] {
    var loosening = try SizeLoosening(exported)
    let inputs = loosening.inputs()
    if loosening.symbols.isEmpty { return [] }
    let context = loosening.program.context(table: table)
    let isWhole = propagate(inputs, in: context)
    return loosening.symbols.map { loose in
      let found = loosening.cause(of: loose.symbol, context)
      return ConstantSize(
        input: loose.input, name: loose.name, value: loose.value,
        cause: found?.cause ?? (isWhole ? .exporter : .unknown),
        sources: found.map { loosening.sources(of: $0.numbers + [loose.value], for: $0.cause, loose.input) }
          ?? [])
    }
  }

  /// Propagates, continuing past data-dependent decisions.
  ///
  /// - Returns: whether every node has been reached.
  private static func propagate(_ inputs: [FakeValue], in context: PropagationContext) -> Bool {
    let options = PropagationOptions(trustsRecorded: true)
    if context.propagate(inputs, options: options).error == nil { return true }
    let past = context.survey(inputs, options: options).propagation
    return past.error == nil && past.failures.isEmpty
  }
}

/// Replaces the constant sizes of a program's inputs by symbols.
private struct SizeLoosening {
  let program: FakeProgram
  private(set) var symbols: [(input: String, name: String, value: Int, symbol: SymExpr.Symbol)] = []

  init(_ exported: ExportedProgram) throws { program = try FakeProgram(exported) }

  private var shapes: ShapeEnv { program.shapes }

  /// The program's inputs with symbols; inputs that a caller does not give are unchanged.
  mutating func inputs() -> [FakeValue] {
    let graph = program.exported.graphModule.graph
    let given = Set(program.exported.signature.userInputs)
    return zip(graph.findNodes(.placeholder).map { graph.name(of: $0) }, program.inputs).map { name, value in
      guard given.contains(name) else { return value }
      switch value {
      case .tensor(let tensor):
        return loosened(tensor, name).map { .tensor($0) } ?? value
      case .symInt(let number):
        return number.constant.map { .symInt(symbol(name, name, $0, isSize: false)) } ?? value
      default: return value
      }
    }
  }

  /// A tensor with a symbol for each constant size; `nil` if it has none or is not contiguous.
  private mutating func loosened(_ tensor: FakeTensor, _ name: String) -> FakeTensor? {
    guard tensor.layout == .strided, tensor.sizes.contains(where: { $0.constant != nil }),
      tensor.strides == shapes.geometry.contiguousStrides(tensor.sizes)
    else { return nil }
    var sizes = Sizes()
    for (dim, size) in tensor.sizes.enumerated() {
      sizes.append(size.constant.map { symbol(name, "\(name).shape[\(dim)]", $0, isSize: true) } ?? size)
    }
    let loosened = program.mode.tensor(sizes, dtype: tensor.dtype, device: tensor.device)
    loosened.requiresGrad = tensor.requiresGrad
    return loosened
  }

  private mutating func symbol(_ input: String, _ name: String, _ value: Int, isSize: Bool) -> SymInt {
    // A size that is 0 needs a symbol that may be 0.
    let isPositive = isSize && value > 0
    let range = IntRange(lower: isPositive ? 1 : isSize ? 0 : .min, upper: .max)
    let handle = shapes.createBackedSymbol(name, hint: .int(value), range: range, isSize: isPositive)
    if let symbol = shapes.arena.asSymbol(handle) { symbols.append((input, name, value, symbol)) }
    return shapes.symInt(handle)
  }

  /// Where numbers arose that a node requires.
  func sources(of numbers: [Int], for cause: ConstantSize.Cause, _ input: String) -> [NumberSource] {
    let place: Provenance?
    switch cause {
    case .needed(_, let node), .tied(_, let node): place = node
    case .exporter, .unknown: place = nil
    }
    guard let place, place.modulePath.isEmpty else { return [] }
    var told: Set<String> = []
    return Set(numbers).filter { $0 > 1 }.sorted().compactMap {
      NumberSource.source(of: $0, at: place.node, of: program, leavingOut: [input])
    }.filter { told.insert($0.text).inserted }
  }

  /// What the run required of a symbol, and the numbers in it; `nil` if nothing.
  func cause(
    of symbol: SymExpr.Symbol, _ context: PropagationContext
  ) -> (cause: ConstantSize.Cause, numbers: [Int])? {
    // A fact that only follows from another symbol becoming a number has no separate cause.
    let learnt = shapes.history.last {
      if case .replacement(symbol, _) = $0.fact { $0.reason.cause != nil } else { false }
    }
    if let learnt, case .replacement(_, let target) = learnt.fact {
      let place = context.provenance(of: learnt.reason.origin)
      let demand = shapes.text(of: learnt.reason, place)
      let isTied = shapes.arena.hasSymbols(shapes.resolve(target))
      return (
        isTied ? .tied(demand, place) : .needed(demand, place), learnt.reason.cause.map(numbers) ?? []
      )
    }
    let demands = shapes.guards.filter { isDemand($0.expression) && shapes.mentions($0.expression, symbol) }
    return demands.first.map {
      (
        .tied("guard \(shapes.text(raw: $0.expression))", context.provenance(of: $0.origin)),
        numbers($0.expression)
      )
    }
  }

  /// The integers in an expression.
  private func numbers(_ expression: SymExpr) -> [Int] {
    switch shapes.arena.view(of: expression) {
    case .integer(let value): [value]
    case .add(let parts), .mul(let parts), .call(_, let parts), .and(let parts), .or(let parts):
      parts.flatMap(numbers)
    case .relation(_, let lhs, let rhs): numbers(lhs) + numbers(rhs)
    case .pow(let base, _): numbers(base)
    case .not(let part): numbers(part)
    case .float, .boolean, .symbol, .infinite, .tooLarge: []
    }
  }

  /// Whether a guard is a requirement: an equation, or a comparison of two sizes.
  ///
  /// Other guards, comparisons with a number and inequations, choose how something is computed.
  private func isDemand(_ condition: SymExpr) -> Bool {
    guard case .relation(let kind, let lhs, let rhs) = shapes.arena.view(of: condition) else { return false }
    switch kind {
    case .eq: return true
    case .ne: return false
    case .lt, .le, .gt, .ge: return shapes.arena.asSymbol(lhs) != nil && shapes.arena.asSymbol(rhs) != nil
    }
  }
}
