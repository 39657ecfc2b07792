import SwiftFX

/// What commands say on standard error when a run has spent one of its budgets, in whatever format they print.
enum SpentBudget {
  /// The note about the program at `path`; empty when nothing was spent.
  static func note(_ path: String, _ isSpent: Bool) -> String {
    guard isSpent else { return "" }
    return Escaped.line(
      "note: \(path): the budget of the run is spent; what it did not suffice for is unknown") + "\n"
  }

  /// Writes the note.
  static func tell(_ path: String, _ isSpent: Bool) {
    System.Stream.errors.write(note(path, isSpent))
  }
}
