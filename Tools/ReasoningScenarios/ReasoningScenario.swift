/// A scenario for a shape environment alone: symbols, checks in order, and queries that see what they made known.
///
///     {"symbols": [{"symbol": "s7", "kind": "backed", "hint": 8, "range": [2, null]},
///                  {"symbol": "u0", "kind": "unbacked"}],
///      "steps":   [{"check": "u0 <= s7"}],
///      "queries": [{"kind": "bound", "expr": "2*u0"}]}
package struct ReasoningScenario: Decodable, Sendable {
  /// A symbol, in the order of creation.
  package struct Symbol: Decodable, Sendable {
    /// Whether an example value stands behind it.
    package enum Kind: String, Decodable, Sendable {
      case backed, unbacked
    }

    package let symbol: String
    package let kind: Kind
    /// The example value of a backed one.
    package let hint: Int?
    /// The ends of a backed one's range, `nil` for infinity.
    package let range: [Int?]?
  }

  /// A `torch._check` in Python text.
  package struct Step: Decodable, Sendable {
    package let check: String
  }

  /// A question about an expression in Python text.
  package struct Query: Decodable, Sendable {
    /// What is asked.
    package enum Kind: String, Decodable, Sendable {
      /// `statically_known_true(expr)`.
      case staticallyKnownTrue = "statically_known_true"
      /// `guard_or_false(expr)`.
      case guardOrFalse = "guard_or_false"
      /// `bool(expr)`.
      case evaluate
      /// `bound_sympy(expr)`.
      case bound
      /// `simplify(expr)`.
      case simplify
    }

    package let kind: Kind
    package let expr: String
  }

  package let symbols: [Symbol]
  package let steps: [Step]
  package let queries: [Query]
}
