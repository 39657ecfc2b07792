/// Whether a program takes inputs of given sizes, as one small function of the sizes.
///
/// A value that shares nothing with the program it was made from: a server makes it once, keeps it and asks it
/// from any task.
///
/// ```swift
/// let check = AdmissionCheck(try FakeProgram(exported), table: .aten)
/// print(check.parameters)          // [x.size()[0], x.size()[1], mask.size()[0]]
/// switch check.check([8, 128, 8]) {
/// case .admitted: run()
/// case .refused(let number), .undecided(let number): refuse(check.constraints[number].text)
/// case .unexplored: ask(sizeChecker)
/// case .wrongCount: refuse("the program has other inputs")
/// }
/// ```
///
/// The check is made by propagating the program at a few dozen examples. Each run covers all sizes that take the
/// same decisions as its example, so the check admits only what some run went through, and refuses only what the
/// program states or what some run was refused. The rest is ``Verdict/unexplored``.
///
/// All of this is compiled into straight code on registers. Each expression is computed once, and constraints that
/// follow from others are left out.
public struct AdmissionCheck: Sendable {
  /// One integer that the check is given: a size of an input, or an input that is an integer.
  public struct Parameter: Hashable, Sendable, CustomStringConvertible {
    /// The input's name.
    public let input: String
    /// The dim of a tensor; `nil` for an input that is an integer.
    public let dim: Int?
    /// What it must be, when the program takes only this.
    public let constant: Int?

    /// `x.size()[0]`, or `k`.
    public var description: String { dim.map { "\(input).size()[\($0)]" } ?? input }
  }

  /// A constraint of the check.
  public struct Constraint: Sendable {
    /// The condition in terms of the inputs, such as `mask.size()[0] == x.size()[0]`.
    public let text: String
    /// Who demands it.
    public let force: SizeConstraint.Force
    /// Where it comes from; the most telling first.
    public let origins: [ConstraintOrigin]
    /// Its place among the rules' constraints; `nil` for what only a run or the nature of sizes demands.
    let rule: Int?
    /// What the check makes of it.
    public internal(set) var fate: Fate
  }

  /// What a check makes of a constraint.
  public enum Fate: Equatable, Sendable {
    /// It is checked.
    case checked
    /// It holds for every size that meets the others.
    case implied
    /// It speaks of sizes that are not given.
    case needsInputs
    /// It speaks of values that only a run knows.
    case needsRun
    /// Its text could not be read, for this reason.
    case unread(String)
    /// It calls a function that the check has no code for.
    case notCompiled
  }

  /// The answer to one question.
  public enum Verdict: Hashable, Sendable {
    /// Every constraint that the check can decide holds, and propagation went through for such sizes.
    case admitted
    /// The constraint with this number does not hold.
    case refused(Int)
    /// The constraint with this number has no value: an integer outgrows 64 bits, or a divisor is zero.
    ///
    /// PyTorch raises an error on a zero divisor. Do not admit such sizes.
    case undecided(Int)
    /// Nothing is known to speak against the sizes, but they take a way through the program that was not explored.
    ///
    /// ``SizeChecker`` decides about them.
    case unexplored
    /// There are not as many sizes as ``AdmissionCheck/parameters``.
    case wrongCount
  }

  /// What is given, in order: the sizes of the inputs one after the other.
  public let parameters: [Parameter]
  /// The constraints, those that are not checked included.
  public let constraints: [Constraint]
  let program: RegisterProgram

  init(parameters: [Parameter], constraints: [Constraint], program: RegisterProgram) {
    self.parameters = parameters
    self.constraints = constraints
    self.program = program
  }

  /// Decides about sizes in the order of ``parameters``.
  ///
  /// - Complexity: O(*n*) in the steps of the compiled constraints, without allocation; a few nanoseconds each.
  @inlinable
  public func check(_ sizes: [Int]) -> Verdict { sizes.withUnsafeBufferPointer { check($0) } }

  /// Decides about sizes in the order of ``parameters``.
  @inlinable
  public func check(_ sizes: borrowing Span<Int>) -> Verdict { sizes.withUnsafeBufferPointer { check($0) } }

  /// Decides about sizes in the order of ``parameters``.
  public func check(_ sizes: UnsafeBufferPointer<Int>) -> Verdict {
    guard sizes.count == parameters.count else { return .wrongCount }
    return Verdict(program.run(sizes))
  }

  /// Every checked constraint that does not hold, or has no value, for these sizes; ``Verdict/unexplored`` alone
  /// when there is none and no run covers the sizes.
  public func problems(_ sizes: [Int]) -> [Verdict] {
    guard sizes.count == parameters.count else { return [.wrongCount] }
    return sizes.withUnsafeBufferPointer { program.problems($0) }.map { Verdict($0) }
  }
}

extension AdmissionCheck.Verdict {
  @inline(__always)
  init(_ outcome: RegisterProgram.Outcome) {
    self =
      switch outcome {
      case .met: .admitted
      case .violated(let number): .refused(number)
      case .undecided(let number, _): .undecided(number)
      case .uncovered: .unexplored
      }
  }
}
