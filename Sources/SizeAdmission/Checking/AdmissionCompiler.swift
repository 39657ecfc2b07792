public import FakeTensors
public import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Which constraints a check enforces.
public enum AdmissionPolicy: Sendable {
  /// Those of the program and its operators: accepts the sizes that PyTorch runs.
  case accepted
  /// Also those that the propagated shapes rely on: accepts only the sizes for which the shapes hold as written.
  case strict
}

extension AdmissionCheck {
  /// Creates a check of a program's sizes.
  ///
  /// - Parameters:
  ///   - program: the program.
  ///   - table: the rules of its operators.
  ///   - inputs: the inputs that are given, by position in ``SizeRules/inputs``; by default all. Constraints that need
  ///     other inputs are not decided.
  ///   - policy: which constraints to enforce.
  /// - Complexity: a few dozen propagations.
  public init(
    _ program: FakeProgram, table: OperatorTable, inputs: Set<Int>? = nil,
    policy: AdmissionPolicy = .accepted
  ) {
    self = SizeChecker(program, table: table).admissionCheck(inputs: inputs, policy: policy)
  }
}

/// Which constraints are compiled.
enum CompiledPolicy {
  /// What the program states: the sizes of its inputs, ranges, and the exporter's guards.
  case stated
  /// Also the explored paths.
  case explored([PropagationPath])
  /// What the program states, and what the exporter's own run relies on.
  case strict
}

extension AdmissionCheck {
  /// Creates a check of the sizes in `given`, by default of all.
  ///
  /// With `keepsImplied`, constraints that follow from others are also checked.
  init(
    _ rules: SizeRules, given: [SizeRules.Parameter]? = nil, policy: CompiledPolicy,
    keepsImplied: Bool = false
  ) {
    var compiler = AdmissionCompiler(rules, given ?? rules.parameters, keepsImplied)
    self = compiler.check(policy)
  }
}

/// Compiles rules into a check.
private struct AdmissionCompiler {
  private let rules: SizeRules
  private let keepsImplied: Bool
  private let binding: ParameterBinding
  private var compiler: RegisterCompiler
  private var implications: ImplicationTest
  private var constraints: [AdmissionCheck.Constraint] = []

  init(_ rules: SizeRules, _ given: [SizeRules.Parameter], _ keepsImplied: Bool) {
    self.rules = rules
    self.keepsImplied = keepsImplied
    binding = ParameterBinding(rules, given: given)
    compiler = RegisterCompiler(parameterCount: binding.parameters.count)
    implications = ImplicationTest(rules, binding)
    for (index, parameter) in binding.parameters.enumerated() {
      compiler.bind(parameter.given, toParameter: index)
    }
  }

  private var shapes: ShapeEnv { rules.shapes }

  /// PyTorch's requirements come first, so that an assumption is violated only by sizes that PyTorch runs.
  mutating func check(_ policy: CompiledPolicy) -> AdmissionCheck {
    defer { implications.forget() }
    add(isAssumed: false)
    addSigns()
    switch policy {
    case .stated: break
    case .strict: add(isAssumed: true)
    case .explored(let paths): for path in paths { add(path) }
    }
    let parameters = binding.parameters.map { parameter in
      AdmissionCheck.Parameter(
        input: rules.inputs[parameter.input].name, dim: parameter.dim,
        constant: shapes.arena.integerValue(of: parameter.expected))
    }
    return AdmissionCheck(parameters: parameters, constraints: constraints, program: compiler.finished())
  }

  private mutating func add(isAssumed: Bool) {
    let given = Set(binding.parameters.map(\.given))
    for (rule, constraint) in rules.constraints.enumerated()
    where (constraint.force == .assumed) == isAssumed {
      // The sizes of inputs that are not given need not be checked.
      if rule < rules.parameters.count, !given.contains(rules.parameters[rule].given) { continue }
      add(constraint, rule)
    }
  }

  /// Admits or refuses the sizes that take `path`, if the given sizes determine whether they do.
  private mutating func add(_ path: PropagationPath) {
    var conditions: [SymExpr] = []
    for condition in path.conditions {
      let bound = shapes.arena.canonicalBool(binding.applied(to: condition, shapes))
      if implications.holdsPlainly(bound) { continue }
      if !conditions.contains(bound) { conditions.append(bound) }
    }
    switch path.outcome {
    case .passed:
      // A condition that cannot be computed admits nothing.
      _ = compiler.admit(conditions, shapes.arena)
    case .refused(let refusal):
      guard compiler.refuse(conditions, number: constraints.count, shapes.arena) else { return }
      constraints.append(
        AdmissionCheck.Constraint(
          text: refusal.demand.map { binding.text(of: $0, shapes) } ?? refusal.message, force: .needed,
          origins: refusal.origins, rule: nil, fate: .checked))
    }
  }

  private mutating func add(_ constraint: SizeConstraint, _ rule: Int) {
    switch constraint.demand {
    case .unread(let text, let problem): append(constraint, rule, text, .unread(problem))
    case .condition(let condition):
      append(
        constraint, rule, binding.text(of: condition, shapes),
        fate(of: binding.applied(to: condition, shapes)))
    }
  }

  private mutating func append(
    _ constraint: SizeConstraint, _ rule: Int?, _ text: String, _ fate: AdmissionCheck.Fate
  ) {
    constraints.append(
      AdmissionCheck.Constraint(
        text: text, force: constraint.force, origins: constraint.origins, rule: rule, fate: fate))
  }

  /// Compiles a condition in symbols of parameters, unless it follows from earlier ones.
  private mutating func fate(of condition: SymExpr) -> AdmissionCheck.Fate {
    if condition == .true { return .implied }
    let unknown = shapes.arena.freeSymbols(of: condition).filter {
      !compiler.isKnown(shapes.arena.handle(of: $0))
    }
    if !unknown.isEmpty {
      let isRun = unknown.contains { shapes.arena.assumptions(of: $0).contains(.unbacked) }
      return isRun ? .needsRun : .needsInputs
    }
    if !keepsImplied, implications.holds(condition) { return .implied }
    guard compiler.demand(condition, number: constraints.count, shapes.arena) else { return .notCompiled }
    implications.learn(condition)
    return .checked
  }

  /// Requires every size to be non-negative, unless other constraints imply it.
  private mutating func addSigns() {
    for parameter in binding.parameters {
      guard let dim = parameter.dim else { continue }
      let condition = shapes.arena.ge(parameter.given, .zero)
      guard !implications.holds(condition) else { continue }
      guard compiler.demand(condition, number: constraints.count, shapes.arena) else { continue }
      let constraint = SizeConstraint(
        demand: .condition(condition), force: .checked,
        origins: [.input(rules.inputs[parameter.input].name, dim: dim)])
      append(constraint, nil, "\(shapes.text(raw: parameter.given)) >= 0", .checked)
      implications.learn(condition)
    }
  }
}
