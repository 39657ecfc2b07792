import FX
import FakeTensors
public import ShapePropagation
public import SymbolicExpressions
import SymbolicShapes

/// A symbol without an upper bound, which leaves a cost unbounded.
public struct MissingBound {
  /// The symbol.
  public let symbol: SymExpr.Symbol
  /// Its name.
  public let name: String
  /// The node or input that it comes from; `nil` if the program does not say.
  public let place: Provenance?
  /// What to write, such as `torch._check(nz.shape[0] <= …)`.
  public let fix: String

  /// The fix, and the line to put it after.
  public var advice: String {
    guard let frame = place?.frame else { return fix }
    return "\(fix)   after \(frame.fileName):\(frame.line)  \(frame.code)"
  }
}

extension MissingBound {
  /// The symbols of `size` without an upper bound, in the order of the symbols.
  static func of(
    _ size: SymInt, _ context: PropagationContext, names: () -> AuthorNames
  ) -> [MissingBound] {
    let shapes = context.mode.shapes
    guard let expression = size.symbolicExpression else { return [] }
    let free = Array(shapes.arena.freeSymbols(of: shapes.resolve(expression))).sorted { $0.index < $1.index }
    return free.compactMap { symbol in
      guard case .int(let range)? = shapes.range(of: symbol), !range.isBoundedAbove else { return nil }
      let name = shapes.arena.name(of: symbol)
      let spelling = names().spelling(of: symbol)
      let text = spelling?.text ?? name
      let fix =
        spelling?.place.operatorName == "input"
        ? "torch.export.Dim('\(name)', max=…) for \(text)" : "torch._check(\(text) <= …)"
      return MissingBound(symbol: symbol, name: name, place: spelling?.place, fix: fix)
    }
  }
}
