import SymbolicExpressions
import SymbolicShapes

/// Random facts and questions, judged by assignments.
///
/// A sample consists of facts, a question with an answer, and an assignment that satisfies the facts: the
/// answer must be true of it.
public struct SoundnessRun {
  /// The questions that an environment answers.
  public enum Question: String, CaseIterable, Sendable {
    case staticallyKnown, prove, bound, simplify, provedBound
  }

  /// How large the budgets of a set of facts and its questions are.
  public enum Budgets: String, CaseIterable, Sendable {
    /// Spent after any number of questions.
    case small
    /// Those of runs.
    case standard
    /// Never spent.
    case large
  }

  /// Counts of what was asked.
  public struct Tally: Sendable {
    /// Sets of facts.
    public var worlds = 0
    /// Sets of facts that spent one of their budgets.
    public var spent = 0
    /// Questions asked, by kind.
    public var questions: [Question: Int] = [:]
    /// Questions answered, by kind.
    public var answers: [Question: Int] = [:]
    /// Answers compared with an assignment.
    public var samples = 0
  }

  /// The counts so far.
  public private(set) var tally = Tally()
  /// Answers that an assignment contradicts.
  public private(set) var violations: [SoundnessViolation] = []
  private var seeds: SplitMix64
  private let mostAssignments: Int
  private let budgets: Budgets
  private static let questionsPerWorld = 8

  /// Creates a run determined by `seed`; each set of facts is judged by at most `mostAssignments`
  /// assignments.
  public init(seed: UInt64, mostAssignments: Int, budgets: Budgets = .standard) {
    seeds = SplitMix64(seed: seed)
    self.mostAssignments = mostAssignments
    self.budgets = budgets
  }

  /// Adds new facts to a new environment and asks questions about them.
  public mutating func askNextWorld() {
    var generator = SampleGenerator(random: SplitMix64(seed: seeds.next()), symbolCount: 3)
    let world = SampleWorld(&generator, mostAssignments: mostAssignments, budgets)
    tally.worlds += 1
    defer { if world.shapes.hasSpentAnyBudget { tally.spent += 1 } }
    for answer in world.earlyAnswers {
      judge(.condition(answer.condition, .staticallyKnown), .truth(answer.truth), world)
    }
    for _ in 0..<Self.questionsPerWorld {
      let condition = generator.condition(asFact: false)
      for kind in [Question.staticallyKnown, .prove] { ask(.condition(condition, kind), world) }
      let term = generator.question()
      for kind in [Question.bound, .simplify, .provedBound] { ask(.term(term, kind), world) }
    }
  }

  private mutating func ask(_ question: SampleQuestion, _ world: SampleWorld) {
    tally.questions[question.kind, default: 0] += 1
    guard let answer = world.answer(to: question) else { return }
    judge(question, answer, world)
  }

  private mutating func judge(_ question: SampleQuestion, _ answer: SampleAnswer, _ world: SampleWorld) {
    tally.answers[question.kind, default: 0] += 1
    for assignment in world.allowed {
      guard let isTrue = world.isTrue(answer, of: question, assignment) else { continue }
      tally.samples += 1
      if isTrue { continue }
      violations.append(
        SoundnessViolation(
          world: tally.worlds - 1, facts: world.facts.map(\.description), question: "\(question)",
          answer: world.text(of: answer), assignment: assignment))
      return
    }
  }
}
