/// What two programs can be compared in.
public enum DifferenceTopic: String, CaseIterable, Sendable {
  /// Calls that only one program has.
  case operators
  /// Arguments of calls.
  case arguments
  /// Dtypes, devices and layouts.
  case dtypes
  /// Sizes and symbolic numbers as formulas.
  case shapes
  /// Strides of tensors with the same sizes.
  case strides
  /// Ranges of symbols.
  case ranges
  /// What is required of sizes besides ranges.
  case guards
  /// Runtime asserts.
  case asserts
  /// Parameters, buffers and constants.
  case weights
  /// Names, order and nesting of inputs, and what becomes of outputs.
  case signature
  /// Sizes that only one program takes.
  case sizes
  /// Memory and floating-point operations as formulas.
  case costs
  /// Names of nodes, symbols and weights.
  case names
}
