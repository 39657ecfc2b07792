/// Makes a struct that holds it be passed by address.
///
/// A method that only reads is handed the members of a struct, and the compiler first copies those of a large one to
/// the stack: 300 bytes for each question to an ``ExprArena``, a twelfth of a run. A value whose type is not known lies
/// somewhere in memory, and so does what holds it.
struct PassedByAddress {
  private let nothing: (any Sendable)?

  init() { nothing = nil }
}
