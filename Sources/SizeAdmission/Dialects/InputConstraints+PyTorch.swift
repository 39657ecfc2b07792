import EscapedTexts
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

extension InputConstraints {
  /// `Dim`: one for each symbol; derived sizes are `2*s0 + 1`, and a divisor is a factor of a smaller `Dim`.
  ///
  /// PyTorch refuses a named `Dim` if not all of its values satisfy what the program requires. A symbol with requirements
  /// beyond its bounds is therefore `Dim.DYNAMIC`, for which PyTorch finds them out.
  ///
  /// - Source: `torch/export/dynamic_shapes.py`, v2.13.
  var dimLines: [String] {
    let loose = relatedSymbols
    let named = variables.filter { !loose.contains($0.symbol) }
    var lines = ["from torch.export import Dim", ""]
    for variable in named {
      let isScaled = variable.divisor > 1
      let name = isScaled ? "_\(variable.name)" : variable.name
      let arguments = [Escaped.python(name)] + bounds(of: variable, by: variable.divisor)
      lines.append("\(name) = Dim(\(arguments.joined(separator: ", ")))")
      if isScaled { lines.append("\(variable.name) = \(variable.divisor)*\(name)") }
    }
    var unsaid: [String] = []
    var seen: Set<SymExpr> = []
    lines += (named.isEmpty ? [] : [""]) + ["dynamic_shapes = {"]
    for input in inputs {
      let key = Escaped.python(input.name)
      switch input.kind {
      case .tensor(let sizes):
        var dims: [String] = []
        for (dim, size) in sizes.enumerated() where shapes.arena.integerValue(of: size) == nil {
          let isLoose = shapes.arena.freeSymbols(of: size).contains { loose.contains($0) }
          let text = isLoose ? looseDim(size) : derivedDim(size)
          dims.append("\(dim): \(text ?? "Dim.AUTO")")
          let isAlone = shapes.arena.asSymbol(size) != nil && seen.insert(size).inserted
          if text == nil || isLoose && !isAlone {
            unsaid.append(
              "# \(Escaped.line(input.name)), dim \(dim): must be \(Escaped.line(shapes.text(of: size)))")
          } else if isLoose {
            unsaid.append("# \(Escaped.line(input.name)), dim \(dim): \(Escaped.line(shapes.text(of: size)))")
          }
        }
        lines.append("    \(key): \(dims.isEmpty ? "None" : "{\(dims.joined(separator: ", "))}"),")
      case .integer(let value):
        lines.append("    \(key): \(shapes.arena.integerValue(of: value) == nil ? "Dim.DYNAMIC" : "None"),")
      case .fixed, .other: lines.append("    \(key): None,")
      }
    }
    let divisors = variables.filter { $0.divisor > 1 && loose.contains($0.symbol) }
      .map { "# \($0.name) must be a multiple of \($0.divisor)" }
    let kernels = choices.map { "# \(Escaped.line($0.text)): \(KernelChoices.remark)" }
    return lines + ["}"] + unsaid + divisors + kernels + comments(relations) + inputComments
  }

  /// `min=2, max=64`, in units of `unit`.
  private func bounds(of variable: Variable, by unit: Int) -> [String] {
    // Bound: a divisor is at least 1.
    (variable.lower == nil ? [] : ["min=\(variable.least / unit)"])
      + (variable.most.map { ["max=\($0 / unit)"] } ?? [])
  }

  /// `Dim.DYNAMIC`, with the bounds of the symbol if the size is one.
  private func looseDim(_ size: SymExpr) -> String {
    let own = shapes.arena.asSymbol(size).flatMap(variable).map { bounds(of: $0, by: 1) } ?? []
    return own.isEmpty ? "Dim.DYNAMIC" : "Dim.DYNAMIC(\(own.joined(separator: ", ")))"
  }

  /// `2*s0 + 1` as arithmetic on a `Dim`; `nil` for what that cannot be.
  private func derivedDim(_ size: SymExpr) -> String? {
    guard let (variable, factor, offset) = linear(size), factor > 0,
      variable.divisor == 1 || factor == 1 && offset == 0
    else { return nil }
    let product = factor == 1 ? variable.name : "\(factor)*\(variable.name)"
    if offset == 0 { return product }
    return offset > 0 ? "\(product) + \(offset)" : "\(product) - \(offset.magnitude)"
  }

  /// `ShapesSpec`: any arithmetic on its variables, and conditions as assumptions.
  ///
  /// - Source: `torch/fx/experimental/dynamic_spec.py`, v2.13.
  var shapesSpecLines: [String] {
    var lines = [
      "from torch.fx.experimental.dynamic_spec import IntVar, ParamsSpec, ShapesSpec, ShapeVar, TensorSpec",
      "",
    ]
    let integers = Set(
      inputs.flatMap { if case .integer(let value) = $0.kind { [value] } else { [] as [SymExpr] } })
    for variable in variables {
      let isInteger = integers.contains(shapes.arena.handle(of: variable.symbol))
      var arguments = [Escaped.python(variable.name)]
      if let lower = variable.lower, isInteger || lower > 0 { arguments.append("min=\(lower)") }
      if let upper = variable.upper { arguments.append("max=\(upper)") }
      if let example = variable.example { arguments.append("optimization_hint=\(example)") }
      lines.append(
        "\(variable.name) = \(isInteger ? "IntVar" : "ShapeVar")(\(arguments.joined(separator: ", ")))")
    }
    lines += ["", "shapes_spec = ShapesSpec(", "    params=ParamsSpec({"]
    for input in inputs {
      let key = Escaped.python(input.name)
      switch input.kind {
      case .tensor(let sizes):
        lines.append("        \(key): TensorSpec([\(sizes.map(pythonText).joined(separator: ", "))]),")
      case .integer(let value): lines.append("        \(key): \(pythonText(value)),")
      case .fixed, .other: continue
      }
    }
    lines.append("    }),")
    var assumptions = variables.filter { $0.divisor > 1 }.map { "\($0.name) % \($0.divisor) == 0" }
    var unsaid: [Relation] = []
    for relation in relations {
      if let condition = relation.condition, relation.isRequired, let text = assumption(condition) {
        assumptions.append(text)
      } else {
        unsaid.append(relation)
      }
    }
    if !assumptions.isEmpty {
      lines += ["    assumptions=["] + assumptions.map { "        \($0)," } + ["    ],"]
    }
    // Maxima and minima are functions of `torch`, roundings of `math`.
    for module in ["torch", "math"]
    where lines.contains(where: { $0.contains("\(module).") && !$0.contains("import") }) {
      lines.insert("import \(module)", at: 0)
    }
    return lines + [")"] + comments(unsaid) + inputComments
  }

  /// A comparison in Python; connectives have no operators on symbolic truth values.
  private func assumption(_ condition: SymExpr) -> String? {
    guard case .relation = shapes.arena.view(of: condition) else { return nil }
    return pythonText(condition)
  }
}
