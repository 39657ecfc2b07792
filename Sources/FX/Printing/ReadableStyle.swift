/// How ``GraphModule/readable(symbols:annotation:style:)`` lays its code out.
public struct ReadableStyle: Sendable {
  /// Whether comments and constants have colors for a terminal (PyTorch's `colored`).
  public var isColored = false
  /// Whether each input has a line of its own (PyTorch's `expanded_def`).
  public var isExpanded = false

  /// Creates a style.
  public init(isColored: Bool = false, isExpanded: Bool = false) {
    self.isColored = isColored
    self.isExpanded = isExpanded
  }

  func comment(_ text: String) -> String { isColored ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
  func constant(_ text: String) -> String { isColored ? "\u{1B}[34m\(text)\u{1B}[0m" : text }
}
