import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Collects a program's requirements from its inputs, ranges, `guards_code`, and the facts of a run.
struct RuleCollector {
  private let program: FakeProgram
  private let context: PropagationContext
  private let shapes: ShapeEnv
  private let kernels: KernelChoices?
  private var importer = ExpressionCopier(dropping: [.positive, .nonnegative])
  private var inputs: [ProgramInput] = []
  private var values: [FakeValue] = []
  private(set) var parameters: [SizeRules.Parameter] = []
  private var constraints: [SizeConstraint] = []
  private var positions: [SymExpr: Int] = [:]

  init(
    _ program: FakeProgram, _ context: PropagationContext, _ shapes: ShapeEnv, _ kernels: KernelChoices? = nil
  ) {
    self.kernels = kernels
    self.program = program
    self.context = context
    self.shapes = shapes
  }

  private var graph: Graph { program.exported.graphModule.graph }

  // MARK: - Inputs

  mutating func collectInputs() -> [ProgramInput] {
    let names = program.exported.signature.userInputs
    let placeholders = Dictionary(
      zip(graph.findNodes(.placeholder).map { graph.name(of: $0) }, program.inputs), uniquingKeysWith: { $1 })
    let paths = SourcePaths(program.exported, inputNames: names).paths
    for (index, name) in names.enumerated() {
      let value = placeholders[name]
      // An input that is not a placeholder is not used by the program.
      values.append(value ?? .none)
      let dotted = paths[index].dotted
      inputs.append(
        ProgramInput(name: name, path: dotted.isEmpty ? name : dotted, kind: kind(of: value, index, name)))
    }
    return inputs
  }

  private mutating func kind(of value: FakeValue?, _ index: Int, _ name: String) -> ProgramInput.Kind {
    guard let value else { return .other("no placeholder of the graph") }
    switch value {
    case .tensor(let tensor):
      let sizes = tensor.sizes.map { imported($0) }
      for (dim, size) in sizes.enumerated() {
        let given = shapes.arena.symbol("\(name).size()[\(dim)]", [.integer])
        parameters.append(SizeRules.Parameter(input: index, dim: dim, given: given, expected: size))
      }
      return .tensor(sizes)
    case .symInt(let number):
      let expected = imported(number)
      let given = shapes.arena.symbol(name, [.integer])
      parameters.append(SizeRules.Parameter(input: index, dim: nil, given: given, expected: expected))
      return .integer(expected)
    case .bool(let value): return .fixed(value ? "true" : "false")
    case .float(let value): return .fixed("\(value)")
    case .string(let text): return .fixed(text)
    case .none: return .fixed("none")
    default: return .other(program.shapes.shortText(of: value) ?? "value")
    }
  }

  private mutating func imported(_ size: SymInt) -> SymExpr { imported(program.shapes.expression(size)) }

  private mutating func imported(_ expression: SymExpr) -> SymExpr {
    importer.copy(expression, from: program.shapes.arena, into: &shapes.arena)
  }

  // MARK: - Constraints

  mutating func collectConstraints() -> [SizeConstraint] {
    collectInputSizes()
    collectRanges()
    collectExporterGuards()
    collectFacts()
    return constraints
  }

  private mutating func collectInputSizes() {
    for parameter in parameters {
      add(
        shapes.arena.eq(parameter.given, parameter.expected), .checked,
        .input(inputs[parameter.input].name, dim: parameter.dim))
    }
  }

  /// Collects the bounds that the exporter was given.
  ///
  /// A lower bound of 2 or less is not a requirement: it comes from the exporter treating 0 and 1 specially, and
  /// PyTorch accepts both.
  ///
  /// - Source: `_check_symint`, `torch/_export/utils.py`, v2.13.
  private mutating func collectRanges() {
    for parameter in parameters where parameter.dim != nil {
      if let symbol = shapes.arena.asSymbol(parameter.expected) {
        shapes.narrow(symbol, to: IntRange(lower: 0, upper: .max))
      }
    }
    for range in program.exported.rangeConstraints {
      // The texts of symbols are known because `FakeProgram` has declared them.
      guard let own = try? program.shapes.parse(range.text) else { continue }
      let expression = imported(own)
      if let symbol = shapes.arena.asSymbol(expression), shapes.arena.hasUnbacked(expression) {
        shapes.narrow(symbol, to: IntRange(lower: range.lower ?? .min, upper: range.upper ?? .max))
      }
      if let lower = range.lower {
        let isDemanded = lower > 2
        add(
          shapes.arena.ge(expression, shapes.arena.integer(lower)), isDemanded ? .checked : .assumed,
          .range(range.text))
      }
      if let upper = range.upper, upper < Self.noUpperBound {
        add(shapes.arena.le(expression, shapes.arena.integer(upper)), .checked, .range(range.text))
      }
    }
  }

  /// PyTorch's value for a size without an upper bound: `sys.maxsize - 1`.
  private static let noUpperBound = Int.max - 1

  private mutating func collectExporterGuards() {
    let names = inputs.map(\.name)
    let paths = SourcePaths(program.exported, inputNames: names)
    let (values, program, shapes) = (values, program, shapes)
    var importer = importer
    let reader = GuardReader { path, property, index in
      guard let position = paths.position(of: path) else { return nil }
      return Self.number(values[position], property, index).map {
        importer.copy(program.shapes.expression($0), from: program.shapes.arena, into: &shapes.arena)
      }
    }
    for (index, code) in program.exported.guardsCode.enumerated() {
      do {
        add(try reader.condition(code, in: shapes), .checked, .exporterGuard(index, code: code))
      } catch {
        constraints.append(
          SizeConstraint(
            demand: .unread(code, problem: error.message), force: .checked,
            origins: [.exporterGuard(index, code: code)]))
      }
    }
  }

  /// The number that a guard's source refers to.
  private static func number(
    _ value: FakeValue, _ property: GuardReader.Property?, _ index: Int?
  ) -> SymInt? {
    switch (value, property) {
    case (.symInt(let number), nil): return number
    case (.tensor(let tensor), .storageOffset): return tensor.storageOffset
    case (.tensor(let tensor), .size), (.tensor(let tensor), .stride):
      let numbers = property == .size ? tensor.sizes : tensor.strides
      guard let index, numbers.indices.contains(index) else { return nil }
      return numbers[index]
    default: return nil
    }
  }

  /// Collects the guards and asserts of the last run.
  ///
  /// A decision about sizes holds only for sizes that take the same decisions; an assert about run-time values holds
  /// for all.
  private mutating func collectFacts() {
    let known = program.shapes
    for taken in known.guards {
      let isChoice = kernels?.contains(taken.expression, at: taken.origin) ?? false
      add(fact: taken.expression, taken.origin, isChoiceOfKernel: isChoice)
    }
    for (_, deferred) in known.runtimeAsserts { add(fact: deferred.expression, deferred.origin) }
  }

  private mutating func add(fact: SymExpr, _ origin: ShapeEnv.Origin, isChoiceOfKernel: Bool = false) {
    let place = context.provenance(of: origin)
    let isLeftToRun = program.shapes.arena.hasUnbacked(fact)
    // A branch that a run need not take requires nothing.
    if isLeftToRun, let place, !program.exported.graphModule.alwaysRuns(place.modulePath) { return }
    add(
      imported(fact), isLeftToRun ? .checked : .assumed, place.map { ConstraintOrigin($0) },
      isChoiceOfKernel: isChoiceOfKernel)
  }

  /// Adds a constraint, or another origin of an existing one.
  private mutating func add(
    _ condition: SymExpr, _ force: SizeConstraint.Force, _ origin: ConstraintOrigin?,
    isChoiceOfKernel: Bool = false
  ) {
    let origins = origin.map { [$0] } ?? []
    let canonical = shapes.arena.canonicalBool(condition)
    if canonical != .true, let position = positions[canonical] {
      constraints[position].origins += origins
      if force == .checked { constraints[position].force = .checked }
      if !isChoiceOfKernel { constraints[position].isChoiceOfKernel = false }
      return
    }
    positions[canonical] = constraints.count
    constraints.append(
      SizeConstraint(
        demand: .condition(condition), force: force, origins: origins, isChoiceOfKernel: isChoiceOfKernel))
  }
}
