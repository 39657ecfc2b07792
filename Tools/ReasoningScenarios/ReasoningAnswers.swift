/// The answers of an environment to a scenario: whether each step held, the answers to the queries, the final
/// state.
package struct ReasoningAnswers: Hashable, Sendable {
  /// The answer to a query.
  package enum Answer: Hashable, Sendable {
    /// Whether a condition holds.
    case truth(Bool)
    /// The bounds of a range, `nil` for infinity; those of a condition are 0 and 1.
    case bounds([Int?])
    /// An expression.
    case text(String)
    /// The class of PyTorch's error.
    case error(String)
    /// The reader does not support the query.
    case unsupported(String)
  }

  /// The final state, with expressions as printed text.
  package struct State: Hashable, Codable, Sendable {
    /// The replacement of each symbol that has one.
    package var replacements: [String: String]
    /// The bounds of each symbol, `nil` for infinity.
    package var ranges: [String: [Int?]]
    /// The deferred runtime asserts, by the newest symbol in each.
    package var runtimeAsserts: [String: [String]]
    /// The guards, in order.
    package var guards: [String]

    private enum CodingKeys: String, CodingKey {
      case replacements, ranges, guards
      case runtimeAsserts = "runtime_asserts"
    }
  }

  package var steps: [Bool]
  package var answers: [Answer]
  package var final: State
}

extension ReasoningAnswers.Answer: Encodable {
  private enum CodingKeys: String, CodingKey {
    case error, unsupported
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .truth(let value): try value.encode(to: encoder)
    case .bounds(let ends): try ends.encode(to: encoder)
    case .text(let text): try text.encode(to: encoder)
    case .error(let name): try [CodingKeys.error.rawValue: name].encode(to: encoder)
    case .unsupported(let why): try [CodingKeys.unsupported.rawValue: why].encode(to: encoder)
    }
  }
}

extension ReasoningAnswers: Encodable {}

/// A scenario with PyTorch's answers, as written by `Scripts/record_reasoning.py`.
package struct RecordedScenario: Decodable, Sendable {
  package let id: Int
  package let scenario: ReasoningScenario
  package let answers: ReasoningAnswers

  private struct Step: Decodable {
    let ok: Bool
  }

  /// A recorded query with its answer: a value or the class of an error.
  private struct Query: Decodable {
    let answer: ReasoningAnswers.Answer

    private enum CodingKeys: String, CodingKey {
      case answer, error
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      if let error = try fields.decodeIfPresent(String.self, forKey: .error) {
        answer = .error(error)
      } else if let truth = try? fields.decode(Bool.self, forKey: .answer) {
        answer = .truth(truth)
      } else if let text = try? fields.decode(String.self, forKey: .answer) {
        answer = .text(text)
      } else {
        answer = .bounds(try fields.decode([Int?].self, forKey: .answer))
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case id, steps, queries, final
  }

  package init(from decoder: any Decoder) throws {
    scenario = try ReasoningScenario(from: decoder)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    id = try fields.decode(Int.self, forKey: .id)
    answers = ReasoningAnswers(
      steps: try fields.decode([Step].self, forKey: .steps).map(\.ok),
      answers: try fields.decode([Query].self, forKey: .queries).map(\.answer),
      final: try fields.decode(ReasoningAnswers.State.self, forKey: .final))
  }
}
