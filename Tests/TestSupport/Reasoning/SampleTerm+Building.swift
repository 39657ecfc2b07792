import SymbolicExpressions
import SymbolicShapes

/// Samples as expressions of an environment.
extension SampleTerm {
  /// The expression over `symbols`.
  func expression(_ symbols: [SymExpr], in shapes: ShapeEnv) -> SymExpr {
    switch self {
    case .symbol(let index): return symbols[index]
    case .constant(let value): return shapes.arena.integer(value)
    case .choice(let condition, let a, let b):
      let condition = condition.expression(symbols, in: shapes)
      let (x, y) = (a.expression(symbols, in: shapes), b.expression(symbols, in: shapes))
      return shapes.arena.where(condition, x, y)
    case .call(let function, let a, let b):
      let (x, y) = (a.expression(symbols, in: shapes), b.expression(symbols, in: shapes))
      switch function {
      case .sum: return shapes.arena.add(x, y)
      case .difference: return shapes.arena.sub(x, y)
      case .product: return shapes.arena.mul(x, y)
      case .floorDiv: return shapes.arena.floorDiv(x, y)
      case .mod: return shapes.arena.mod(x, y)
      case .pythonMod: return shapes.arena.pythonMod(x, y)
      case .cleanDiv: return shapes.arena.cleanDiv(x, y)
      case .max: return shapes.arena.max(x, y)
      case .min: return shapes.arena.min(x, y)
      }
    }
  }
}

extension SampleCondition {
  /// The expression over `symbols`.
  func expression(_ symbols: [SymExpr], in shapes: ShapeEnv) -> SymExpr {
    switch self {
    case .relation(let kind, let a, let b):
      let (x, y) = (a.expression(symbols, in: shapes), b.expression(symbols, in: shapes))
      return shapes.arena.relation(kind, x, y)
    case .not(let part):
      let part = part.expression(symbols, in: shapes)
      return shapes.arena.not(part)
    case .and(let a, let b):
      let parts = [a.expression(symbols, in: shapes), b.expression(symbols, in: shapes)]
      return shapes.arena.and(parts)
    case .or(let a, let b):
      let parts = [a.expression(symbols, in: shapes), b.expression(symbols, in: shapes)]
      return shapes.arena.or(parts)
    }
  }
}

// As in Python source.

extension SampleTerm: CustomStringConvertible {
  var description: String {
    switch self {
    case .symbol(let index): "x\(index)"
    case .constant(let value): "\(value)"
    case .choice(let condition, let a, let b): "Where(\(condition), \(a), \(b))"
    case .call(.sum, let a, let b): "(\(a) + \(b))"
    case .call(.difference, let a, let b): "(\(a) - \(b))"
    case .call(.product, let a, let b): "(\(a) * \(b))"
    case .call(.floorDiv, let a, let b): "(\(a) // \(b))"
    case .call(.mod, let a, let b): "Mod(\(a), \(b))"
    case .call(.pythonMod, let a, let b): "PythonMod(\(a), \(b))"
    case .call(.cleanDiv, let a, let b): "CleanDiv(\(a), \(b))"
    case .call(.max, let a, let b): "Max(\(a), \(b))"
    case .call(.min, let a, let b): "Min(\(a), \(b))"
    }
  }
}

extension SampleCondition: CustomStringConvertible {
  var description: String {
    switch self {
    case .relation(let kind, let a, let b): "\(a) \(kind.symbol) \(b)"
    case .and(let a, let b): "(\(a)) & (\(b))"
    case .or(let a, let b): "(\(a)) | (\(b))"
    case .not(let part): "~(\(part))"
    }
  }
}
