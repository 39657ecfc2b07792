/// A number or none, in the four bytes of the number: columns by node are as narrow as they can be.
struct OptionalNumber {
  /// The highest number stands for none; nothing here is so long.
  private let raw: UInt32

  init(_ value: UInt32?) { raw = value ?? .max }

  /// The number, or `nil`.
  var value: UInt32? { raw == .max ? nil : raw }
}
