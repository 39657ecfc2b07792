import FX

/// The inputs of a printed function, in the ways in which generated code gives them to the graph.
///
/// | code | inputs |
/// |---|---|
/// | `def forward(self, L_x_: "…"):`, then `l_x_ = L_x_` | the parameters, renamed |
/// | `x, y, = fx_pytree.tree_flatten_spec([a, b], self._in_spec)` | `x` and `y`; their annotations stand before |
/// | `x: "…" = next(args_iter)` | `x`, and so on |
struct ForwardParameters {
  /// A parameter as it is written.
  struct Parameter {
    /// The name with its stars.
    var target: String
    var name: PythonStatement.Name
    var annotation: (text: String, spot: Spot)?
    var defaultValue: PythonExpression?
  }

  private var parameters: [Parameter]
  /// Annotations that stand on lines of their own.
  private var annotations: [String: (text: String, spot: Spot)] = [:]
  private var isDefined = false

  init(_ parameters: [Parameter]) { self.parameters = parameters }

  /// Takes a statement that says something about the inputs; `false` for the first one that does not.
  mutating func take(_ statement: PythonStatement) throws(TextError) -> Bool {
    guard !isDefined else { return false }
    switch statement.kind {
    case .declare(let target):
      annotations[target.name.text] = target.annotation
      return true
    case .unpack(let names, let value):
      guard case .call(let function, _, _) = value.kind,
        function.dottedName?.hasSuffix("tree_flatten_spec") ?? false
      else { return false }
      parameters = names.map { Parameter(target: $0.text, name: $0, annotation: annotations[$0.text]) }
      return true
    case .assign(let target, let value):
      switch value.kind {
      case .name(let name):
        guard target.annotation == nil, let index = parameters.firstIndex(where: { $0.name.text == name })
        else {
          return false
        }
        parameters[index].name = target.name
        return true
      case .call(let function, _, _):
        switch function.dottedName {
        case "fx_pytree.tree_flatten_spec"?:
          parameters = [
            Parameter(target: target.name.text, name: target.name, annotation: annotations[target.name.text])
          ]
        case "iter"?: parameters = []
        case "next"?:
          parameters.append(
            Parameter(target: target.name.text, name: target.name, annotation: target.annotation))
        default: return false
        }
        return true
      default: return false
      }
    case .expression(let value):
      if case .call(let function, _, _) = value.kind { return function.dottedName == "args_list.clear" }
      return false
    default: return false
    }
  }

  /// Adds the placeholders, once.
  mutating func define(in builder: inout GraphBuilder) throws(TextError) {
    guard !isDefined else { return }
    isDefined = true
    for parameter in parameters {
      var args: [Node.Argument] = []
      if let value = parameter.defaultValue { args = [try builder.argument(value)] }
      try builder.add(
        .placeholder, Node.Target(parameter.target), args, name: parameter.name,
        annotation: parameter.annotation)
    }
  }
}

extension PythonParser {
  /// `def forward(self, x: "f32[2]", *args) -> Tensor:` without `self`.
  mutating func functionHeader() throws(TextError) -> [ForwardParameters.Parameter] {
    guard isName("def") else { throw unexpected("'def'") }
    try advance()
    _ = try name()
    try expect("(")
    var parameters: [ForwardParameters.Parameter] = []
    while !isMark(")") {
      if isMark("/") || isMark("*"), try parameterSeparator() { continue }
      let parameter = try parameter()
      if parameter.target != "self" || !parameters.isEmpty { parameters.append(parameter) }
      guard try consume(",") else { break }
    }
    guard isMark(")") else { throw unexpected("',' or ')'") }
    try advance()
    if try consume("->") { _ = try expression() }
    try expect(":")
    return parameters
  }

  /// `/` or a lone `*`; `false` for the star of `*args`.
  private mutating func parameterSeparator() throws(TextError) -> Bool {
    let ahead = self
    try advance()
    if isMark(",") {
      try advance()
      return true
    }
    if isMark(")") { return true }
    self = ahead
    return false
  }

  private mutating func parameter() throws(TextError) -> ForwardParameters.Parameter {
    let spot = token.start
    var stars = ""
    if case .mark(let mark) = token.kind, mark == "*" || mark == "**" {
      stars = mark
      try advance()
    }
    let name = PythonStatement.Name(text: try self.name(), spot: spot)
    var parameter = ForwardParameters.Parameter(target: stars + name.text, name: name)
    if try consume(":") { parameter.annotation = try annotation() }
    if try consume("=") { parameter.defaultValue = try expression() }
    return parameter
  }
}
