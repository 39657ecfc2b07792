/// A number or `nil` in four bytes, which keeps per-node columns narrow.
struct OptionalNumber {
  /// `UInt32.max` represents `nil`; no column is that long.
  private let raw: UInt32

  init(_ value: UInt32?) { raw = value ?? .max }

  /// The number, or `nil`.
  var value: UInt32? { raw == .max ? nil : raw }
}
