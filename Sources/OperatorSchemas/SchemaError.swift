/// Why a text is not a valid schema.
public struct SchemaError: Error, Hashable, Sendable {
  /// What was expected or refused, such as `expected '->'`.
  public let reason: String
  /// The offset of the error, in UTF-8 bytes.
  public let offset: Int
  /// The text of the schema.
  public let text: String
}

extension SchemaError: CustomStringConvertible {
  /// The text, the offset, and the reason.
  public var description: String { "schema '\(text)', byte \(offset): \(reason)" }
}
