/// Why a text is not a schema.
public struct SchemaError: Error, Hashable, Sendable {
  /// What was expected or refused, such as `expected '->'`.
  public let reason: String
  /// Where in the text, in bytes of UTF-8 from its start.
  public let offset: Int
  /// The text that was read.
  public let text: String
}

extension SchemaError: CustomStringConvertible {
  /// The text, the place, and what is wrong there.
  public var description: String { "schema '\(text)', byte \(offset): \(reason)" }
}
