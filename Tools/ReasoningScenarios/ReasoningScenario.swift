/// A scenario for a shape environment: symbols, checks in order, and queries about what is then known.
///
///     {"symbols": [{"symbol": "s7", "kind": "backed", "hint": 8, "range": [2, null]},
///                  {"symbol": "u0", "kind": "unbacked"}],
///      "steps":   [{"check": "u0 <= s7"}],
///      "queries": [{"kind": "bound", "expr": "2*u0"}]}
package struct ReasoningScenario: Decodable, Sendable {
  /// A symbol, in the order of creation.
  package struct Symbol: Decodable, Sendable {
    /// Whether the symbol has a hint.
    package enum Kind: String, Decodable, Sendable {
      case backed, unbacked
    }

    package let symbol: String
    package let kind: Kind
    /// The hint of a backed symbol.
    package let hint: Int?
    /// The bounds of a backed symbol, `nil` for infinity.
    package let range: [Int?]?
  }

  /// A `torch._check` of Python text.
  package struct Step: Decodable, Sendable {
    package let check: String
  }

  /// A query about an expression in Python text.
  package struct Query: Decodable, Sendable {
    /// The question to ask.
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
