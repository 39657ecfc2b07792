import EscapedTexts
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

extension InputConstraints {
  /// `jax.export.symbolic_shape`, whose dims are at least 1, with ranges and relations as constraints of their scope.
  ///
  /// - Source: `jax/_src/export/shape_poly.py`, the grammar of dimension expressions and constraints.
  var jaxLines: [String] {
    var constraints: [String] = []
    for variable in variables {
      if let lower = variable.lower, lower > 1 { constraints.append("\(variable.name) >= \(lower)") }
      if let upper = variable.upper { constraints.append("\(variable.name) <= \(upper)") }
      if variable.divisor > 1 { constraints.append("mod(\(variable.name), \(variable.divisor)) == 0") }
    }
    var unsaid: [Relation] = []
    var defined: Set<String> = []
    for relation in relations {
      if let condition = relation.condition, relation.isRequired,
        let text = jaxConstraint(condition, &defined)
      {
        constraints.append(text)
      } else {
        unsaid.append(relation)
      }
    }
    var lines = ["import jax", "import jax.numpy as jnp", "from jax import export", ""]
    lines.append("scope = export.SymbolicScope([\(constraints.map(Escaped.python).joined(separator: ", "))])")
    var problems: [String] = []
    for input in inputs {
      guard case .tensor(let sizes) = input.kind else { continue }
      let dims = sizes.enumerated().map { dim, size -> String in
        if let text = jaxText(size) { return text }
        problems.append(
          "# \(Escaped.line(input.name)), dim \(dim): must be \(Escaped.line(shapes.text(of: size)))")
        return "_"
      }
      guard let dtype = input.dtype.flatMap({ Self.jaxTypes[$0] }) else {
        problems.append(
          "# \(Escaped.line(input.name)): JAX has no \(input.dtype.map(\.name) ?? "such") arrays")
        continue
      }
      let shape = Escaped.python(dims.joined(separator: ", "))
      lines.append(
        "\(input.identifier) = jax.ShapeDtypeStruct(export.symbolic_shape(\(shape), scope=scope), \(dtype))")
    }
    return lines + problems + comments(unsaid) + inputComments
  }

  /// `e1 >= e2`, `e1 <= e2` or `e1 == e2`; integers make the strict ones of these.
  ///
  /// `defined` are the terms that equations have on their left.
  private func jaxConstraint(_ condition: SymExpr, _ defined: inout Set<String>) -> String? {
    guard case .relation(let kind, let left, let right) = shapes.arena.view(of: condition),
      let a = jaxText(left), let b = jaxText(right)
    else { return nil }
    switch kind {
    case .eq: return jaxEquation(left, right, &defined)
    case .ge: return "\(a) >= \(b)"
    case .le: return "\(a) <= \(b)"
    case .gt: return "\(a) >= \(b) + 1"
    case .lt: return "\(a) + 1 <= \(b)"
    case .ne: return nil
    }
  }

  /// An equation with one term on its left, which JAX replaces by its right wherever it occurs.
  ///
  /// So the term may not occur on the right, and no two equations may have the same. Terms with functions come first: a
  /// symbol may occur in them.
  private func jaxEquation(_ a: SymExpr, _ b: SymExpr, _ defined: inout Set<String>) -> String? {
    let difference = shapes.arena.sub(a, b)
    guard let form = shapes.arena.linearForm(of: difference) else { return nil }
    let terms =
      form.terms.filter { shapes.arena.asSymbol($0.monomial) == nil }
      + form.terms.filter { shapes.arena.asSymbol($0.monomial) != nil }
    for (coefficient, monomial) in terms {
      let term = shapes.arena.mul(shapes.arena.integer(coefficient), monomial)
      let isNegative = coefficient < 0
      let rest = shapes.arena.sub(term, difference)
      let zero = shapes.arena.integer(0)
      guard let name = jaxText(monomial), !defined.contains(name),
        let left = jaxText(isNegative ? shapes.arena.sub(zero, term) : term),
        let right = jaxText(isNegative ? shapes.arena.sub(zero, rest) : rest),
        !occurs(monomial, in: rest)
      else { continue }
      defined.insert(name)
      return "\(left) == \(right)"
    }
    return nil
  }

  private func occurs(_ monomial: SymExpr, in size: SymExpr) -> Bool {
    if let symbol = shapes.arena.asSymbol(monomial) { return shapes.arena.contains(size, symbol) }
    guard let name = jaxText(monomial), let text = jaxText(size) else { return true }
    return text.contains(name)
  }

  /// A size in JAX's grammar; `nil` for functions that it lacks.
  private func jaxText(_ size: SymExpr) -> String? {
    switch shapes.arena.view(of: size) {
    case .integer(let value): return "\(value)"
    case .symbol(let symbol): return variable(symbol)?.name
    case .add(let terms): return jaxTexts(terms).map { $0.joined(separator: " + ") }
    case .mul(let factors):
      return jaxTexts(factors).map { texts in
        zip(factors, texts).map { factor, text in
          if case .add = shapes.arena.view(of: factor) { "(\(text))" } else { text }
        }.joined(separator: "*")
      }
    case .pow(let base, let exponent):
      guard exponent > 0, let text = jaxText(base) else { return nil }
      if case .symbol = shapes.arena.view(of: base) { return "\(text)^\(exponent)" }
      return "(\(text))^\(exponent)"
    case .call(let function, let operands):
      guard let name = Self.jaxFunctions[function], var rest = jaxTexts(operands), var text = rest.popLast()
      else {
        return nil
      }
      while let next = rest.popLast() { text = "\(name)(\(next), \(text))" }
      return text
    default: return nil
    }
  }

  private func jaxTexts(_ sizes: [SymExpr]) -> [String]? {
    let texts = sizes.compactMap { jaxText($0) }
    return texts.count == sizes.count ? texts : nil
  }

  private static let jaxFunctions: [SymFunction: String] = [
    .floorDiv: "floordiv", .cleanDiv: "floordiv", .mod: "mod", .pythonMod: "mod", .max: "max", .min: "min",
  ]

  private static let jaxTypes: [ScalarType: String] = [
    .float32: "jnp.float32", .float16: "jnp.float16", .bfloat16: "jnp.bfloat16", .float64: "jnp.float64",
    .int8: "jnp.int8", .int16: "jnp.int16", .int32: "jnp.int32", .int64: "jnp.int64", .uint8: "jnp.uint8",
    .uint16: "jnp.uint16", .uint32: "jnp.uint32", .uint64: "jnp.uint64", .bool: "jnp.bool_",
    .complex64: "jnp.complex64", .complex128: "jnp.complex128",
  ]
}
