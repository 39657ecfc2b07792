import SymbolicExpressions
import SymbolicShapes

/// The numbers of a request, one for each parameter that is given.
struct GivenSizes {
  let parameters: [SizeRules.Parameter]
  let numbers: [Int]

  init(parameters: [SizeRules.Parameter], numbers: [Int]) {
    self.parameters = parameters
    self.numbers = numbers
  }

  /// The first number of each range.
  init(_ request: SizeRequest, _ rules: SizeRules) {
    var parameters: [SizeRules.Parameter] = []
    var numbers: [Int] = []
    for parameter in rules.parameters {
      guard case .range(let lower, _, _)? = request.dim(of: parameter) else { continue }
      parameters.append(parameter)
      numbers.append(lower)
    }
    self.parameters = parameters
    self.numbers = numbers
  }

  /// The value of `expression` in symbols of parameters, if they are given.
  func evaluate(_ expression: SymExpr, _ rules: SizeRules) -> SymExpr.Number? {
    rules.shapes.arena.evaluate(expression) { symbol in
      let handle = rules.shapes.arena.handle(of: symbol)
      return parameters.firstIndex { $0.given == handle }.map { .int(numbers[$0]) }
    }
  }

  /// The values of the program's symbols, by name.
  func symbolValues(_ rules: SizeRules) -> [(name: String, value: Int)] {
    let binding = ParameterBinding(rules, given: parameters)
    return binding.values.compactMap { symbol, expression in
      guard case .int(let value)? = evaluate(expression, rules) else { return nil }
      return (rules.shapes.arena.name(of: symbol), value)
    }.sorted { $0.name < $1.name }
  }
}
