import SymbolicExpressions
import SymbolicShapes

/// What a check takes from a program.
extension FindingWriter {
  /// The values that the facts allow and a check of `condition` refuses, in the author's names.
  ///
  /// For a condition on one symbol these are all of them: `rows.shape[0] = 0, an empty rows`; else one example. Empty
  /// when there are none.
  func forbidden(by condition: SymExpr, _ question: OpenQuestion) -> String {
    let symbols = shapes.arena.freeSymbols(of: shapes.resolve(condition)).sorted()
    if symbols.count == 1, let symbol = symbols.first, let ranges = refused(symbol, by: condition) {
      let name = names.spelling(of: symbol, before: question.origin)?.text ?? shapes.arena.name(of: symbol)
      return ranges.map { text(of: $0, name) }.joined(separator: " and ")
    }
    guard case .found(let assignment) = shapes.assignment(where: [SymBool(shapes.arena.not(condition))])
    else {
      return ""
    }
    let values = symbols.compactMap { symbol -> String? in
      let name = names.spelling(of: symbol, before: question.origin)?.text ?? shapes.arena.name(of: symbol)
      return shapes.value(of: shapes.arena.handle(of: symbol), under: assignment).map { "\(name) = \($0)" }
    }
    return values.isEmpty ? "" : "for example " + values.joined(separator: ", ")
  }

  /// The ranges of `symbol` that `condition` refuses; `nil` when it is no comparison with a number.
  private func refused(_ symbol: SymExpr.Symbol, by condition: SymExpr) -> [IntRange]? {
    guard let range = statedRange(of: symbol),
      let (kind, bound) = shapes.arena.trySolve(condition, for: shapes.arena.handle(of: symbol)),
      let value = shapes.arena.integerValue(of: bound), value > .min, value < .max
    else { return nil }
    let refused: [IntRange] =
      switch kind {
      case .ge: [IntRange(lower: .min, upper: value - 1)]
      case .gt: [IntRange(lower: .min, upper: value)]
      case .le: [IntRange(lower: value + 1, upper: .max)]
      case .lt: [IntRange(lower: value, upper: .max)]
      case .ne: [IntRange(lower: value, upper: value)]
      case .eq: [IntRange(lower: .min, upper: value - 1), IntRange(lower: value + 1, upper: .max)]
      }
    return refused.compactMap { part in
      let (lower, upper) = (Swift.max(part.lower, range.lower), Swift.min(part.upper, range.upper))
      return lower <= upper ? IntRange(lower: lower, upper: upper) : nil
    }
  }

  /// The range that the archive, operators and the author's own asserts state.
  ///
  /// What a survey assumed to go on does not count: a check after it refuses the same values.
  private func statedRange(of symbol: SymExpr.Symbol) -> IntRange? {
    guard case .int(let known)? = shapes.range(of: symbol) else { return nil }
    var stated: IntRange?
    for learnt in shapes.history {
      guard case .range(symbol, let range) = learnt.fact else { continue }
      switch learnt.reason.kind {
      case .declared, .constrained, .renaming, .binding: break
      default: if context.provenance(of: learnt.reason.origin)?.isAssertion != true { continue }
      }
      let before = stated ?? range
      stated = IntRange(
        lower: Swift.max(before.lower, range.lower), upper: Swift.min(before.upper, range.upper))
    }
    return stated ?? known
  }

  private func text(of range: IntRange, _ name: String) -> String {
    if range.lower == range.upper {
      let variable = name.hasSuffix("]") ? name.firstRange(of: ".shape[").map { name[..<$0.lowerBound] } : nil
      let meaning = range.lower == 0 ? variable.map { ", an empty \($0)" } ?? "" : ""
      return "\(name) = \(range.lower)\(meaning)"
    }
    if !range.isBoundedAbove { return "\(name) >= \(range.lower)" }
    if range.lower == .min { return "\(name) <= \(range.upper)" }
    return "\(name) = \(range.lower) … \(range.upper)"
  }
}
