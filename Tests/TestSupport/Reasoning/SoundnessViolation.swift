/// An answer that an assignment contradicts, with everything needed to reproduce it.
public struct SoundnessViolation: Sendable, CustomStringConvertible {
  /// The number of the set of facts within its run.
  public let world: Int
  /// The facts.
  public let facts: [String]
  /// The question.
  public let question: String
  /// The answer.
  public let answer: String
  /// Values of the symbols that satisfy the facts.
  public let assignment: [Int]

  /// The violation as text, one fact per line.
  public var description: String {
    """
    world \(world): \(question) is said to be \(answer)
      facts  \(facts.joined(separator: "\n         "))
      not at \(assignment)
    """
  }
}
