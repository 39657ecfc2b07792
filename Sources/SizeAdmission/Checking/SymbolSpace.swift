import SymbolicExpressions
import SymbolicShapes

/// Computes the sizes of inputs from values of the program's symbols.
///
/// A search varies the symbols rather than the sizes, so sizes that must agree always do.
struct SymbolSpace {
  let parameters: [SizeRules.Parameter]
  /// The symbols of the sizes, in order of first use.
  let symbols: [SymExpr.Symbol]
  /// How many parts of expressions ``sizes(_:)`` evaluates.
  let stepCount: Int
  private let positions: [SymExpr.Symbol: Int]
  private let shapes: ShapeEnv

  init(_ rules: SizeRules, _ parameters: [SizeRules.Parameter]) {
    self.parameters = parameters
    shapes = rules.shapes
    var symbols: [SymExpr.Symbol] = []
    var positions: [SymExpr.Symbol: Int] = [:]
    for parameter in parameters {
      for symbol in shapes.arena.freeSymbols(of: parameter.expected) where positions[symbol] == nil {
        positions[symbol] = symbols.count
        symbols.append(symbol)
      }
    }
    self.symbols = symbols
    self.positions = positions
    stepCount = parameters.reduce(1) { $0 + Int(rules.shapes.arena.partCount(of: $1.expected)) }
  }

  /// How many times sizes can be computed and checked by `program` within `steps`, but at most `limit` times.
  func attempts(within steps: Int, atMost limit: Int, checking program: RegisterProgram) -> Int {
    // Bound: there is at least one step.
    min(limit, steps / (stepCount + program.instructions.count))
  }

  /// The sizes for these values of ``symbols``; `nil` if one has no value or is negative.
  func sizes(_ values: [Int]) -> [Int]? {
    var sizes: [Int] = []
    sizes.reserveCapacity(parameters.count)
    for parameter in parameters {
      let number = shapes.arena.evaluate(parameter.expected) { symbol in
        positions[symbol].map { .int(values[$0]) }
      }
      guard case .int(let size)? = number, parameter.dim == nil || size >= 0 else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  /// Values of a symbol for which some size is `sizes`: the size itself, or the best solution of `2*s0 == size`.
  func guesses(for symbol: SymExpr.Symbol, from sizes: [Int]) -> [Int] {
    var guesses: [Int] = []
    for (parameter, size) in zip(parameters, sizes) {
      let form = shapes.arena.linearForm(of: parameter.expected)
      guard let (constant, terms) = form, terms.count == 1, terms[0].coefficient != 0,
        shapes.arena.asSymbol(terms[0].monomial) == symbol
      else { continue }
      let (numerator, overflow) = size.subtractingReportingOverflow(constant)
      if overflow || terms[0].coefficient == -1 { continue }
      let quotient = numerator / terms[0].coefficient
      let next = quotient.addingReportingOverflow(numerator.signum())
      for guess in [quotient, next.overflow ? quotient : next.partialValue] where !guesses.contains(guess) {
        guesses.append(guess)
      }
    }
    return guesses.isEmpty ? [2] : guesses
  }
}

extension SizeRules {
  /// The numbers in the constraints and `conditions`, at which acceptance may change.
  func landmarks(_ conditions: [SymExpr] = []) -> [Int] {
    var found: Set<Int> = []
    var seen: Set<SymExpr> = []
    func visit(_ expression: SymExpr) {
      guard seen.insert(expression).inserted else { return }
      switch shapes.arena.view(of: expression) {
      case .integer(let value) where value >= 0 && value < Int.max - 2:
        found.formUnion([value, value + 1, max(0, value - 1)])
      case .add(let parts), .mul(let parts), .and(let parts), .or(let parts), .call(_, let parts):
        parts.forEach(visit)
      case .relation(_, let lhs, let rhs): [lhs, rhs].forEach(visit)
      case .not(let part), .pow(let part, _): visit(part)
      default: break
      }
    }
    constraints.compactMap(\.condition).forEach(visit)
    conditions.forEach(visit)
    return found.sorted()
  }
}
