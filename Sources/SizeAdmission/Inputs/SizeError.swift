/// Why a question about sizes is invalid.
public enum SizeError: Error, Equatable, Sendable {
  /// The text is not of the form `NAME=SIZES`.
  case malformed(text: String, expected: String)
  /// A number does not fit 64 bits.
  case tooLarge(text: String)
  /// The program has no such input; `known` lists its inputs.
  case unknownInput(name: String, known: [String])
  /// An input is named twice.
  case repeatedInput(name: String)
  /// The number of sizes given for a tensor is not its number of dims; the expected sizes as text.
  case wrongRank(input: String, expected: [String], given: Int)
  /// The input has no sizes to give.
  case noSizes(input: String, what: String)
  /// A size is negative.
  case negativeSize(input: String, size: Int)
  /// A sweep has more assignments than the limit.
  case tooManyAssignments(count: String, limit: Int)
}

extension SizeError: CustomStringConvertible {
  /// What is wrong, and what is expected.
  public var description: String {
    switch self {
    case .malformed(let text, let expected): "'\(text)' is not \(expected)"
    case .tooLarge(let text): "'\(text)' is too large: sizes are 64-bit integers"
    case .unknownInput(let name, let known):
      known.isEmpty
        ? "there is no input '\(name)': the program has none"
        : "there is no input '\(name)': the program has \(known.joined(separator: ", "))"
    case .repeatedInput(let name): "input '\(name)' is given twice"
    case .wrongRank(let input, let expected, let given):
      "input '\(input)' has \(Self.dims(expected.count)), [\(expected.joined(separator: ", "))], but"
        + " \(given == 1 ? "1 size was" : "\(given) sizes were") given"
    case .noSizes(let input, let what): "input '\(input)' has no sizes to give: it is \(what)"
    case .negativeSize(let input, let size): "a size of input '\(input)' is negative: \(size)"
    case .tooManyAssignments(let count, let limit):
      "the ranges have \(count) assignments, more than the limit of \(limit): take smaller ranges or larger"
        + " steps, such as 1..4096/8"
    }
  }

  private static func dims(_ count: Int) -> String { count == 1 ? "1 dim" : "\(count) dims" }
}
