/// Makes the compiler pass a struct that contains it by address.
///
/// Its size is unknown at compile time, so it must lie in memory, and so must the struct. What that gains is in
/// `Documentation/tuning.md`.
struct PassedByAddress {
  private let nothing: (any Sendable)?

  init() { nothing = nil }
}
