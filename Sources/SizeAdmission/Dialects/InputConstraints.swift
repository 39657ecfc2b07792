import EscapedTexts
import ExportedPrograms
import FX
import FakeTensors
public import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// What a program requires of its inputs, sorted by what other tools have words for: sizes, ranges of symbols,
/// divisors, and other relations.
public struct InputConstraints {
  /// One input.
  struct Input {
    let name: String
    /// The name as a variable of Python.
    let identifier: String
    let path: String
    let kind: ProgramInput.Kind
    /// The dtype of a tensor.
    let dtype: ScalarType?
  }

  /// A symbol of the inputs, with what bounds it.
  struct Variable {
    let symbol: SymExpr.Symbol
    /// The name as a variable of Python.
    let name: String
    /// The least value that is required; `nil` when none is.
    var lower: Int?
    /// The largest value that is allowed; `nil` when none is.
    var upper: Int?
    /// What divides every value.
    var divisor = 1
    /// The value that the program was exported with.
    let example: Int?

    /// The least value of a size that is not empty.
    var least: Int { roundedUp(Swift.max(lower ?? 1, 1)) }

    /// The largest value that is a multiple of the divisor.
    // Bound: a divisor is at least 1.
    var most: Int? { upper.map { $0 / divisor * divisor } }

    /// The example, or what is next to it and allowed.
    var typical: Int { Swift.max(least, Swift.min(roundedUp(example ?? least), most ?? .max)) }

    private func roundedUp(_ value: Int) -> Int {
      let (sum, overflow) = value.addingReportingOverflow(divisor - 1)
      // Bound: a divisor is at least 1, and the product is not above `sum`.
      return overflow ? value : sum / divisor * divisor
    }
  }

  /// A condition that is neither a bound nor a divisor of one symbol.
  struct Relation {
    /// The condition; `nil` for a guard that could not be read.
    let condition: SymExpr?
    let text: String
    /// The symbols that it is about.
    var symbols: [SymExpr.Symbol] = []
  }

  let shapes: ShapeEnv
  let inputs: [Input]
  private(set) var variables: [Variable] = []
  private(set) var relations: [Relation] = []

  /// The constraints of `program`, whose requirements `rules` has.
  public init(_ program: FakeProgram, _ rules: SizeRules) {
    shapes = rules.shapes
    let graph = program.exported.graphModule.graph
    let values = Dictionary(
      zip(graph.findNodes(.placeholder).map { graph.name(of: $0) }, program.inputs), uniquingKeysWith: { $1 })
    var taken = Self.usedNames
    func identifier(_ name: String) -> String {
      taken.append(SourceIdentifier.valid(name, taken: taken))
      return taken[taken.count - 1]
    }
    inputs = rules.inputs.map {
      Input(
        name: $0.name, identifier: identifier($0.name), path: $0.path, kind: $0.kind,
        dtype: values[$0.name]?.tensor?.dtype)
    }
    for expression in rules.inputs.flatMap(\.expressions) {
      for symbol in Array(shapes.arena.freeSymbols(of: expression)).sorted(by: { $0.index < $1.index })
      where !variables.contains(where: { $0.symbol == symbol }) {
        let name = shapes.arena.name(of: symbol)
        variables.append(
          Variable(symbol: symbol, name: identifier(name), example: Self.example(name, program.shapes)))
      }
    }
    for constraint in rules.constraints { add(constraint) }
  }

  /// What the code of some tool has names for already.
  private static let usedNames = [
    "Dim", "IntVar", "ParamsSpec", "ShapeVar", "ShapesSpec", "TensorSpec", "builder", "config", "ct",
    "dynamic_shapes",
    "export", "inputs", "jax", "jnp", "np", "profile", "scope", "shapes_spec",
  ]

  private static func example(_ name: String, _ shapes: ShapeEnv) -> Int? {
    guard let expression = shapes.symbol(named: name)?.symbolicExpression,
      let symbol = shapes.arena.asSymbol(expression), case .int(let value)? = shapes.hint(of: symbol)
    else { return nil }
    return value
  }

  private mutating func add(_ constraint: SizeConstraint) {
    guard let condition = constraint.condition else {
      if case .unread(let code, _) = constraint.demand {
        relations.append(Relation(condition: nil, text: Escaped.line(code)))
      }
      return
    }
    let isInputSize = !constraint.origins.isEmpty && constraint.origins.allSatisfy(\.isInput)
    if condition == .true || isInputSize { return }
    let symbols = shapes.arena.freeSymbols(of: condition)
    guard symbols.allSatisfy({ symbol in variables.contains { $0.symbol == symbol } }) else { return }
    if addBound(condition, constraint.force) || constraint.force != .assumed && addDivisor(condition) {
      return
    }
    let suffix = constraint.force == .assumed ? "   (the exported shapes rely on it)" : ""
    relations.append(
      Relation(
        condition: constraint.force == .assumed ? nil : condition, text: shapes.text(of: condition) + suffix,
        symbols: Array(symbols)))
  }

  /// Notes `s <= 64` and its like.
  private mutating func addBound(_ condition: SymExpr, _ force: SizeConstraint.Force) -> Bool {
    guard case .relation(var kind, var left, var right) = shapes.arena.view(of: condition) else {
      return false
    }
    if shapes.arena.asSymbol(left) == nil { (kind, left, right) = (kind.mirrored, right, left) }
    guard let symbol = shapes.arena.asSymbol(left), var value = shapes.arena.integerValue(of: right),
      let index = variables.firstIndex(where: { $0.symbol == symbol })
    else { return false }
    if kind == .lt || kind == .gt {
      let (shifted, overflow) = value.addingReportingOverflow(kind == .lt ? -1 : 1)
      guard !overflow else { return false }
      value = shifted
    }
    switch kind {
    case .ge, .gt:
      // PyTorch notes that sizes are at least 2, but takes 0 and 1.
      if force != .assumed { variables[index].lower = Swift.max(variables[index].lower ?? value, value) }
    case .le, .lt: variables[index].upper = Swift.min(variables[index].upper ?? value, value)
    case .eq, .ne: return false
    }
    return true
  }

  /// Notes `Eq(Mod(s, 8), 0)`.
  private mutating func addDivisor(_ condition: SymExpr) -> Bool {
    guard case .relation(.eq, let a, let b) = shapes.arena.view(of: condition) else { return false }
    for (remainder, zero) in [(a, b), (b, a)] where shapes.arena.integerValue(of: zero) == 0 {
      guard case .call(let function, let operands) = shapes.arena.view(of: remainder),
        function == .mod || function == .pythonMod, operands.count == 2,
        let symbol = shapes.arena.asSymbol(operands[0]),
        let divisor = shapes.arena.integerValue(of: operands[1]), divisor > 1,
        let index = variables.firstIndex(where: { $0.symbol == symbol })
      else { continue }
      // Bound: both divisors are at least 1, so their gcd is.
      let (multiple, overflow) = (variables[index].divisor / Self.gcd(variables[index].divisor, divisor))
        .multipliedReportingOverflow(by: divisor)
      guard !overflow else { return false }
      variables[index].divisor = multiple
      return true
    }
    return false
  }

  // Bound: divides by `b` only where it is not 0.
  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }

  // MARK: - Asking

  /// A size as Python.
  func pythonText(_ size: SymExpr) -> String {
    shapes.arena.pythonText(of: size) { variable($0)?.name ?? shapes.arena.name(of: $0) }
  }

  func variable(_ symbol: SymExpr.Symbol) -> Variable? { variables.first { $0.symbol == symbol } }

  /// The value of a size where every symbol has the value that `value` gives it.
  func evaluate(_ size: SymExpr, _ value: (Variable) -> Int?) -> Int? {
    let result = shapes.arena.evaluate(size) { symbol in self.variable(symbol).flatMap(value).map { .int($0) }
    }
    if case .int(let number)? = result { return number }
    return nil
  }

  /// `a·s + b`, when a size is that.
  func linear(_ size: SymExpr) -> (variable: Variable, factor: Int, offset: Int)? {
    guard let form = shapes.arena.linearForm(of: size), form.terms.count == 1,
      let symbol = shapes.arena.asSymbol(form.terms[0].monomial), let variable = self.variable(symbol)
    else { return nil }
    return (variable, form.terms[0].coefficient, form.constant)
  }

  /// The relations as comments.
  func comments(_ relations: [Relation], _ title: String = "also required") -> [String] {
    relations.map { "# \(title): \(Escaped.line($0.text))" }
  }

  /// A comment for inputs that no tool speaks of, and for paths of nested ones.
  var inputComments: [String] {
    inputs.compactMap { input in
      switch input.kind {
      case .fixed(let value): "# \(Escaped.line(input.name)) must be \(Escaped.line(value))"
      case .other(let what): "# \(Escaped.line(input.name)) is not a tensor: \(Escaped.line(what))"
      case .tensor, .integer:
        input.path == input.name
          ? nil : "# \(Escaped.line(input.name)) is \(Escaped.line(input.path)) of the arguments"
      }
    }
  }
}

extension ConstraintOrigin {
  /// Whether it is the size that an input is expected to have.
  fileprivate var isInput: Bool { if case .input = self { true } else { false } }
}
