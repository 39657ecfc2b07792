import SwiftFX

extension ExprArena {
  /// Why `expression` has no value under any assignment; `nil` if it may have one.
  func defect(in expression: SymExpr) -> String? {
    switch view(of: expression) {
    case .tooLarge: return "it holds an integer beyond 64 bits"
    case .call(let function, let parts):
      if Self.divisions.contains(function), parts.count > 1, integerValue(of: parts[1]) == 0 {
        return "it divides by zero"
      }
      return defect(inAnyOf: parts)
    case .add(let parts), .mul(let parts), .and(let parts), .or(let parts): return defect(inAnyOf: parts)
    case .relation(_, let lhs, let rhs): return defect(inAnyOf: [lhs, rhs])
    case .pow(let part, _), .not(let part): return defect(in: part)
    case .integer, .float, .boolean, .infinite, .symbol: return nil
    }
  }

  private func defect(inAnyOf parts: [SymExpr]) -> String? {
    for part in parts {
      if let defect = defect(in: part) { return defect }
    }
    return nil
  }

  private static let divisions: Set<SymFunction> = [
    .floorDiv, .cleanDiv, .ceilDiv, .mod, .pythonMod, .modularIndexing, .floatTrueDiv, .intTrueDiv,
  ]
}
