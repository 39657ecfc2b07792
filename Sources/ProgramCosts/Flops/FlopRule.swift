import FakeTensors
import SymbolicShapes

/// The number of floating-point operations of a call of an operator.
///
/// All overloads of an operator share a rule. Operators without one count nothing: elementwise ones, reductions,
/// copies, and products that PyTorch's counter does not know (`mv`, `dot`, `addbmm`, `_int_mm`).
///
/// - Source: `flop_registry` in `torch/utils/flop_counter.py`, v2.13, and what composite operators decompose into.
struct FlopRule: Sendable {
  let name: String
  /// The count; `nil` if the arguments do not fit the operator.
  let count: @Sendable (CountedCall) -> FlopTally?

  init(_ name: String, _ count: @escaping @Sendable (CountedCall) -> FlopTally?) {
    self.name = name
    self.count = count
  }

  /// A rule whose operations are booked on one operator, by default the called one.
  init(
    _ name: String, as key: String? = nil, flops: @escaping @Sendable (CountedCall) -> SymInt?
  ) {
    let key = "aten.\(key ?? name)"
    self.init(name) { call in flops(call).map { FlopTally(key, $0) } }
  }

  /// The rule of `aten.NAME`.
  static func named(_ name: String) -> FlopRule? { byName[name] }

  private static let byName = Dictionary(
    uniqueKeysWithValues: (productFlops + convolutionFlops + attentionFlops + recurrentFlops).map {
      ($0.name, $0)
    })
}
