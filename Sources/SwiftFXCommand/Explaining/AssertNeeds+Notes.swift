import SwiftFX

extension AssertNeeds? {
  /// The call that needs an assert, as a line below it.
  func notes(_ condition: SymExpr, _ shapes: ShapeEnv) -> [Explanation.Entry] {
    guard let place = self?.call(needing: condition, shapes) else { return [] }
    return [Explanation.Entry("needed by \(place.qualifiedName)", because: place.operatorName, place: place)]
  }
}
