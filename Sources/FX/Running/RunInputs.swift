/// The arguments of a run that no placeholder has taken yet.
package struct RunInputs<Value> {
  /// The positional arguments, the next one last.
  private var positional: [PyTree<Value>] = []
  /// The keyword arguments that have the name of a placeholder.
  private var named: [Named<PyTree<Value>>] = []
  /// The other keyword arguments, for a placeholder such as `**kwargs`.
  private var others: [Named<PyTree<Value>>] = []

  /// Creates the inputs of a run without arguments.
  init() {}

  /// Assigns arguments to the placeholders of a graph as Python assigns them to the parameters of a function.
  ///
  /// A placeholder without a default that gets no argument is only detected when it runs, as in PyTorch.
  ///
  /// - Parameters:
  ///   - args: the positional arguments.
  ///   - kwargs: the keyword arguments.
  ///   - graph: the graph with the placeholders.
  ///   - isKnown: whether a placeholder already has a value and takes no argument.
  /// - Throws: ``InterpreterError`` if there are too many arguments, or if one is unknown or given twice.
  package init(
    _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>], of graph: Graph, isKnown: (Node) -> Bool
  ) throws(InterpreterError) {
    let parameters = Parameters(graph, isKnown)
    guard args.count <= parameters.positionalCount || parameters.takesRest else {
      throw InterpreterError(
        .tooManyArguments(expected: parameters.positionalCount, received: args.count))
    }
    positional = args.reversed()
    var seen: Set<String> = []
    for argument in kwargs {
      guard seen.insert(argument.name).inserted else {
        throw InterpreterError(.repeatedArgument(parameter: argument.name))
      }
      if let position = parameters.positions[argument.name] {
        guard position >= args.count || position >= parameters.positionalCount else {
          throw InterpreterError(.repeatedArgument(parameter: argument.name))
        }
        named.append(argument)
      } else if parameters.takesOthers {
        others.append(argument)
      } else {
        throw InterpreterError(.unexpectedKeyword(argument.name))
      }
    }
  }

  /// Takes what belongs to a placeholder, or returns `nil` if there is nothing for it.
  package mutating func take(_ parameter: String) -> PyTree<Value>? {
    if parameter.hasPrefix("**") {
      defer { others = [] }
      return PyTree(keywords: others)
    }
    if parameter.hasPrefix("*") {
      defer { positional = [] }
      return .list(positional.reversed())
    }
    if let position = named.firstIndex(where: { $0.name == parameter }) {
      return named.remove(at: position).value
    }
    return positional.popLast()
  }
}

/// The parameters that the placeholders of a graph represent.
private struct Parameters {
  /// The position of each parameter; those after `*args` come after all that positional arguments can fill.
  var positions: [String: Int] = [:]
  /// The number of parameters that positional arguments can fill.
  var positionalCount = 0
  var takesRest = false
  var takesOthers = false

  init(_ graph: Graph, _ isKnown: (Node) -> Bool) {
    for node in graph.nodes where graph.op(of: node) == .placeholder && !isKnown(node) {
      let name = graph.target(of: node).text
      if name.hasPrefix("**") {
        takesOthers = true
      } else if name.hasPrefix("*") {
        takesRest = true
      } else {
        positions[name] = positions.count
        if !takesRest { positionalCount += 1 }
      }
    }
  }
}
