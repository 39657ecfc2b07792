/// Why a program cannot be rewritten.
public struct ProgramPassError: Error, Equatable, CustomStringConvertible {
  /// What is wrong or not supported.
  public let reason: String
  /// The node of the program at which it happened.
  public var node: String?

  init(_ reason: String) { self.reason = reason }

  /// The node and what is wrong.
  public var description: String { (node.map { "node '\($0)': " } ?? "") + reason }
}
