/// Why a program cannot be rewritten.
public struct ProgramPassError: Error, Equatable, CustomStringConvertible {
  /// What is wrong or not supported.
  public let reason: String
  /// The node of the program at which it happened.
  public var node: String?

  init(_ reason: String) { self.reason = reason }

  /// The error for a value that no longer shows an unbacked symbol.
  static func lostName(_ name: String, of node: String, value: String) -> ProgramPassError {
    var error = ProgramPassError("its value is \(value), in which '\(name)' does not occur any more")
    error.node = node
    return error
  }

  /// The node and what is wrong.
  public var description: String { (node.map { "node '\($0)': " } ?? "") + reason }
}
