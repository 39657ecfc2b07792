/// A check as data, for an interpreter in another language, such as the one of a report's page.
///
/// Registers hold 64-bit integers: parameters first, then constants, then the results of steps. A float is its bit
/// pattern, a boolean is 0 or 1. ``AdmissionCheck`` says what each step does.
package struct AdmissionSteps {
  /// One step.
  package struct Step {
    /// The name of the operation: `add`, `demandLess`, `admit`.
    package let operation: String
    /// The register that it writes, or the number of the constraint that it decides.
    package let target: Int
    /// The registers that it reads; the operation says how many.
    package let operands: (a: Int, b: Int, c: Int)
  }

  /// The registers after the parameters.
  package let constants: [Int]
  /// The steps, in order.
  package let steps: [Step]
  /// Whether sizes that no step admits or refuses are unexplored; otherwise they are admitted.
  package let admitsByPath: Bool

  /// The steps of `check`.
  package init(_ check: AdmissionCheck) {
    let program = check.program
    constants = Array(program.constants)
    admitsByPath = program.admitsByPath
    steps = program.instructions.map { instruction in
      Step(
        operation: "\(instruction.code)", target: Int(instruction.target),
        operands: (Int(instruction.a), Int(instruction.b), Int(instruction.c)))
    }
  }
}
