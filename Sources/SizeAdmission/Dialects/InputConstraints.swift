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
    /// Whether PyTorch or an operator refuses other sizes; else only the exported shapes rely on it.
    let isRequired: Bool
    /// The symbols that it is about.
    var symbols: [SymExpr.Symbol] = []
  }

  let shapes: ShapeEnv
  let inputs: [Input]
  private(set) var variables: [Variable] = []
  private(set) var relations: [Relation] = []
  /// What the exporter's run only chose kernels by.
  private(set) var choices: [Relation] = []
  /// The symbols of relations and choices, also of those that follow from others.
  private(set) var relatedSymbols: Set<SymExpr.Symbol> = []

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
    relatedSymbols = Set((relations + choices).flatMap(\.symbols))
    dropImpliedRelations()
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
        relations.append(Relation(condition: nil, text: code, isRequired: true))
      }
      return
    }
    let isInputSize = !constraint.origins.isEmpty && constraint.origins.allSatisfy(\.isInput)
    if condition == .true || isInputSize { return }
    let symbols = shapes.arena.freeSymbols(of: condition)
    guard symbols.allSatisfy({ symbol in variables.contains { $0.symbol == symbol } }) else { return }
    if constraint.isChoiceOfKernel {
      return choices.append(
        Relation(
          condition: condition, text: shapes.text(of: condition), isRequired: false, symbols: Array(symbols)))
    }
    if addBound(condition, constraint.force) || constraint.force != .assumed && addDivisor(condition) {
      return
    }
    relations.append(
      Relation(
        condition: condition, text: shapes.text(of: condition), isRequired: constraint.force != .assumed,
        symbols: Array(symbols)))
  }

  /// Leaves out the relations that follow from the bounds, the divisors and simpler relations.
  private mutating func dropImpliedRelations() {
    if relations.isEmpty { return }
    let start = shapes.checkpoint()
    defer { shapes.restore(start) }
    for variable in variables {
      shapes.narrow(
        variable.symbol, to: IntRange(lower: Swift.max(variable.lower ?? 0, 0), upper: variable.upper ?? .max)
      )
      if variable.divisor > 1 {
        let remainder = shapes.arena.mod(
          shapes.arena.handle(of: variable.symbol), shapes.arena.integer(variable.divisor))
        _ = shapes.check(SymBool(shapes.arena.eq(remainder, .zero)))
      }
    }
    let test = TautologyTest(shapes: shapes)
    // What is required comes first: what the shapes rely on may follow from it.
    let order = relations.indices.sorted {
      let (a, b) = (relations[$0], relations[$1])
      if a.isRequired != b.isRequired { return a.isRequired }
      return a.text.utf8.count == b.text.utf8.count ? $0 < $1 : a.text.utf8.count < b.text.utf8.count
    }
    var implied: Set<Int> = []
    for index in order.prefix(Self.mostTested) {
      guard let condition = relations[index].condition else { continue }
      if test.holds(condition) {
        implied.insert(index)
      } else {
        _ = shapes.check(SymBool(condition))
      }
    }
    relations = relations.indices.filter { !implied.contains($0) }.map { relations[$0] }
  }

  /// Further relations are taken as they are.
  private static let mostTested = 128

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
      if force == .assumed { return value <= 2 }
      variables[index].lower = Swift.max(variables[index].lower ?? value, value)
    case .le, .lt:
      if force == .assumed { return false }
      variables[index].upper = Swift.min(variables[index].upper ?? value, value)
    case .eq, .ne: return false
    }
    return true
  }

  /// Notes `Eq(Mod(s, 8), 0)`, or the same as `Eq(s, 8*(s//8))`.
  private mutating func addDivisor(_ condition: SymExpr) -> Bool {
    guard case .relation(.eq, let a, let b) = shapes.arena.view(of: condition),
      let (symbol, divisor) = divisor(a, b) ?? quotient(shapes.arena.sub(a, b)), divisor > 1,
      let index = variables.firstIndex(where: { $0.symbol == symbol })
    else { return false }
    // Bound: both divisors are at least 1, so their gcd is.
    let (multiple, overflow) = (variables[index].divisor / Self.gcd(variables[index].divisor, divisor))
      .multipliedReportingOverflow(by: divisor)
    guard !overflow else { return false }
    variables[index].divisor = multiple
    return true
  }

  /// `s` and 8 of `Mod(s, 8)` and 0.
  private func divisor(_ a: SymExpr, _ b: SymExpr) -> (SymExpr.Symbol, Int)? {
    for (remainder, zero) in [(a, b), (b, a)] where shapes.arena.integerValue(of: zero) == 0 {
      guard case .call(let function, let operands) = shapes.arena.view(of: remainder),
        function == .mod || function == .pythonMod
      else { continue }
      return division(operands)
    }
    return nil
  }

  /// `s` and 8 of `k*s - 8*k*(s//8)`.
  private func quotient(_ difference: SymExpr) -> (SymExpr.Symbol, Int)? {
    guard let form = shapes.arena.linearForm(of: difference), form.constant == 0, form.terms.count == 2 else {
      return nil
    }
    for (whole, part) in [(form.terms[0], form.terms[1]), (form.terms[1], form.terms[0])] {
      guard let symbol = shapes.arena.asSymbol(whole.monomial),
        case .call(.floorDiv, let operands) = shapes.arena.view(of: part.monomial),
        let (divided, divisor) = division(operands), divided == symbol,
        case let (product, overflow) = whole.coefficient.multipliedReportingOverflow(by: divisor), !overflow,
        part.coefficient == 0 - product
      else { continue }
      return (symbol, divisor)
    }
    return nil
  }

  /// A symbol and the number that it is divided by.
  private func division(_ operands: [SymExpr]) -> (SymExpr.Symbol, Int)? {
    guard operands.count == 2, let symbol = shapes.arena.asSymbol(operands[0]),
      let divisor = shapes.arena.integerValue(of: operands[1])
    else { return nil }
    return (symbol, divisor)
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
  func comments(_ relations: [Relation]) -> [String] {
    relations.map { relation in
      "# \(relation.isRequired ? "also required" : "the exported shapes rely on"): \(Escaped.line(relation.text))"
    }
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
