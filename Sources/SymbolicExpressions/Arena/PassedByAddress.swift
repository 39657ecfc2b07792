/// Makes the compiler pass a struct that contains it by address.
///
/// The size of this type is unknown at compile time, so it must be in memory, and so must the containing struct. See
/// `Documentation/tuning.md` for the gain.
struct PassedByAddress {
  private let nothing: (any Sendable)?

  init() { nothing = nil }
}
