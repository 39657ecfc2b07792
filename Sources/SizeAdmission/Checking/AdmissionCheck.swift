/// A compiled test of whether a program accepts given input sizes.
///
/// A value that shares nothing with the program it was made from. A server makes it once and uses it from any task.
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
/// The check is made by propagating the program at a few dozen examples. Each run covers all sizes for which the same
/// decisions come out as for its example. The check admits only sizes that some run covers, and refuses only sizes that
/// the program or some run refuses. All others are ``Verdict/unexplored``.
///
/// All of this is compiled into straight-line code on registers. Each expression is computed once, and constraints that
/// follow from others are left out.
public struct AdmissionCheck: Sendable {
  /// One integer argument of the check: a dim of an input tensor, or an integer input.
  public struct Parameter: Hashable, Sendable, CustomStringConvertible {
    /// The input's name.
    public let input: String
    /// The dim of a tensor; `nil` for an integer input.
    public let dim: Int?
    /// The only value the program accepts, if there is just one.
    public let constant: Int?

    /// `x.size()[0]`, or `k`.
    public var description: String { dim.map { "\(input).size()[\($0)]" } ?? input }
  }

  /// A constraint of the check.
  public struct Constraint: Sendable {
    /// The condition in terms of the inputs, such as `mask.size()[0] == x.size()[0]`.
    public let text: String
    /// Who requires it.
    public let force: SizeConstraint.Force
    /// Its origins, the most informative first.
    public let origins: [ConstraintOrigin]
    /// Its index among the rules' constraints; `nil` if it is not one of them.
    let rule: Int?
    /// How the check treats it.
    public internal(set) var fate: Fate
  }

  /// How a check treats a constraint.
  public enum Fate: Equatable, Sendable {
    /// It is checked.
    case checked
    /// It follows from the other constraints.
    case implied
    /// It mentions sizes that were not given.
    case needsInputs
    /// It mentions unbacked values, which are only known at run time.
    case needsRun
    /// Its text could not be parsed, for this reason.
    case unread(String)
    /// It calls a function that the check cannot compile.
    case notCompiled
  }

  /// The result of one check.
  public enum Verdict: Hashable, Sendable {
    /// Every constraint that the check can decide holds, and propagation succeeded for these sizes.
    case admitted
    /// The constraint with this number does not hold.
    case refused(Int)
    /// The constraint with this number has no value: an integer overflows 64 bits, or a divisor is zero.
    ///
    /// PyTorch raises an error on a zero divisor. Do not admit such sizes.
    case undecided(Int)
    /// Nothing is known to rule out the sizes, but they take an unexplored path through the program.
    ///
    /// ``SizeChecker`` decides them.
    case unexplored
    /// The number of sizes differs from that of ``AdmissionCheck/parameters``.
    case wrongCount
  }

  /// The integers the check takes, in order: the sizes of each input in turn.
  public let parameters: [Parameter]
  /// All constraints, including those that are not checked.
  public let constraints: [Constraint]
  let program: RegisterProgram

  init(parameters: [Parameter], constraints: [Constraint], program: RegisterProgram) {
    self.parameters = parameters
    self.constraints = constraints
    self.program = program
  }

  /// Checks sizes in the order of ``parameters``.
  ///
  /// - Complexity: O(*n*) in the number of compiled steps, a few nanoseconds each, without allocation.
  @inlinable
  public func check(_ sizes: [Int]) -> Verdict { sizes.withUnsafeBufferPointer { check($0) } }

  /// Checks sizes in the order of ``parameters``.
  @inlinable
  public func check(_ sizes: borrowing Span<Int>) -> Verdict { sizes.withUnsafeBufferPointer { check($0) } }

  /// Checks sizes in the order of ``parameters``.
  public func check(_ sizes: UnsafeBufferPointer<Int>) -> Verdict {
    guard sizes.count == parameters.count else { return .wrongCount }
    return Verdict(program.run(sizes))
  }

  /// Every checked constraint that does not hold or has no value for these sizes; ``Verdict/unexplored`` alone if there
  /// is none and no run covers the sizes.
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
