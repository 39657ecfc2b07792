/// A place in a text: line and column, both counted from 1.
///
/// Columns count characters (Unicode scalars) of the text as it was given, so that an editor finds the place although
/// colours, quote marks or log prefixes were removed before reading.
public struct TextPosition: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The number of the line.
  public var line: Int
  /// The number of the character in the line.
  public var column: Int

  /// Makes a position.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Whether `lhs` comes first.
  public static func < (lhs: TextPosition, rhs: TextPosition) -> Bool {
    (lhs.line, lhs.column) < (rhs.line, rhs.column)
  }

  /// The position as `3:17`.
  public var description: String { "\(line):\(column)" }
}

/// A byte of a cleaned text: the number of its line among all lines, and its offset in the text's bytes.
struct Spot: Hashable, Sendable {
  var line: Int
  var offset: Int
}
