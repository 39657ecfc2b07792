/// What `swiftfx diff` can be asked to compare or to leave out.
enum DifferenceTopic: String, CaseIterable {
  /// Calls that only one program has.
  case operators
  /// Arguments of calls.
  case arguments
  case dtypes
  /// Sizes and symbolic numbers as formulas.
  case shapes
  case strides
  case ranges
  case asserts
  /// Parameters, buffers and constants.
  case weights
  /// Names and order of inputs.
  case signature
  /// Sizes that only one program takes.
  case sizes
  /// Names of nodes, symbols and weights.
  case names
}
