/// The sizes given for one input: `x=8x128`, `x=1..64x128`, `x=?x1..4096/8`, `k=5`.
public struct SizePattern: Equatable, Sendable {
  /// One size.
  public enum Dim: Equatable, Sendable {
    /// It is left open: `?`.
    case open
    /// The numbers from `lower` up to at most `upper`, `step` apart; a single number if both are equal.
    case range(lower: Int, upper: Int, step: Int)

    /// How many numbers there are.
    var count: Int {
      guard case .range(let lower, let upper, let step) = self else { return 1 }
      // `lower <= upper` and `step > 0`; the difference of two integers fits an unsigned one.
      let distance = UInt(bitPattern: upper) &- UInt(bitPattern: lower)
      let steps = distance / UInt(step)
      return steps < UInt(Int.max) ? Int(steps) + 1 : .max
    }
  }

  /// The name before the equals sign.
  public let input: String
  /// The sizes, or the value of an integer.
  public let dims: [Dim]
  /// The text after the equals sign.
  public let text: String

  /// Parses `NAME=SIZES`: sizes separated by `x`, each a number, `lower..upper`, `lower..upper/step` or `?`.
  ///
  /// A tensor without dims has no sizes: `NAME=`.
  ///
  /// - Throws: ``SizeError`` of kind `malformed` or `tooLarge`.
  public init(_ argument: String) throws(SizeError) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      throw .malformed(text: argument, expected: "NAME=SIZES, such as x=8x128")
    }
    input = String(argument[..<equals])
    text = String(argument[argument.index(after: equals)...])
    var dims: [Dim] = []
    if !text.isEmpty {
      for part in text.split(separator: "x", omittingEmptySubsequences: false) {
        dims.append(try Self.dim(part, of: argument))
      }
    }
    self.dims = dims
  }

  private static func dim(_ text: Substring, of argument: String) throws(SizeError) -> Dim {
    if text == "?" { return .open }
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2, let bounds = halves.first else { throw malformed(argument) }
    let step = halves.count == 2 ? try number(halves[1], of: argument) : 1
    guard let dots = firstDots(in: bounds) else {
      guard halves.count == 1 else { throw malformed(argument) }
      let value = try number(bounds, of: argument)
      return .range(lower: value, upper: value, step: 1)
    }
    let lower = try number(bounds[..<dots.lowerBound], of: argument)
    let upper = try number(bounds[dots.upperBound...], of: argument)
    guard lower <= upper, step > 0 else { throw malformed(argument) }
    if upper.subtractingReportingOverflow(lower).overflow { throw .tooLarge(text: String(text)) }
    return .range(lower: lower, upper: upper, step: step)
  }

  private static func firstDots(in text: Substring) -> Range<Substring.Index>? {
    guard let dot = text.firstIndex(of: ".") else { return nil }
    let next = text.index(after: dot)
    return next < text.endIndex && text[next] == "." ? dot..<text.index(after: next) : nil
  }

  private static func number(_ text: Substring, of argument: String) throws(SizeError) -> Int {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw malformed(argument)
    }
    guard let value = Int(text) else { throw .tooLarge(text: String(text)) }
    return value
  }

  private static func malformed(_ argument: String) -> SizeError {
    .malformed(
      text: argument, expected: "NAME=SIZES with sizes such as 8x128, 1..64x128, 1..4096/8 or ?x128")
  }
}
