/// The passes that commands can run by name: of graphs (``GraphPass``), or of something larger that contains them.
///
/// ```swift
/// var module = exported.graphModule
/// try PassManager([PassTable.structural.pass("dead-code"), PassTable.structural.pass("cse")])(&module)
/// ```
public struct PassTable<Pass: Sendable>: Sendable {
  /// An argument that a pass takes.
  public typealias Parameter = PassParameter

  /// A pass: its name, what it does and the arguments it takes.
  public struct Entry: Sendable {
    /// The name, such as `dead-code`.
    public let name: String
    /// What the pass does, in one sentence.
    public let summary: String
    /// The arguments it takes.
    public let parameters: [Parameter]
    fileprivate let make: @Sendable (PassArguments) throws -> Pass

    /// Creates an entry.
    public init(
      _ name: String, _ summary: String, parameters: [Parameter] = [],
      make: @escaping @Sendable (PassArguments) throws -> Pass
    ) {
      self.name = name
      self.summary = summary
      self.parameters = parameters
      self.make = make
    }
  }

  /// The passes, by name.
  public let entries: [Entry]

  /// Creates a table.
  public init(_ entries: [Entry]) { self.entries = entries.sorted { $0.name < $1.name } }

  /// A table with the entries of both.
  public static func + (lhs: Self, rhs: Self) -> Self { Self(lhs.entries + rhs.entries) }

  /// The table with every pass turned into another kind of pass.
  public func map<Other>(_ transform: @escaping @Sendable (Pass) -> Other) -> PassTable<Other> {
    PassTable<Other>(
      entries.map { entry in
        .init(entry.name, entry.summary, parameters: entry.parameters) { transform(try entry.make($0)) }
      })
  }

  /// Creates the pass that a text specifies: its name, and its arguments after `=`.
  ///
  ///     dead-code
  ///     cse=exact
  ///     cse=equality:python,banned:aten.rand
  ///
  /// Arguments are separated by commas. The first may be given without its name.
  ///
  /// - Throws: ``GraphPassError/Kind/unknownPass(_:nearest:)`` or
  ///   ``GraphPassError/Kind/badArgument(pass:argument:problem:)``.
  public func pass(_ text: String) throws -> Pass {
    let equals = text.firstIndex(of: "=")
    let name = String(equals.map { text[..<$0] } ?? text[...])
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw GraphPassError(.unknownPass(name, nearest: nearest(to: name)))
    }
    let rest = equals.map { text[text.index(after: $0)...] } ?? ""
    return try entry.make(
      try PassArguments(String(rest), for: entry.name, taking: entry.parameters))
  }

  private func nearest(to name: String) -> String? {
    let scored = entries.map { (name: $0.name, distance: Self.distance($0.name, name)) }
    return scored.min { $0.distance < $1.distance }.flatMap {
      $0.distance <= max(2, name.count / 2) ? $0.name : nil
    }
  }

  /// The number of characters that must be changed, added or removed.
  private static func distance(_ one: String, _ other: String) -> Int {
    let other = Array(other)
    var row = Array(0...other.count)
    for (line, character) in one.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, candidate) in other.enumerated() {
        let cost = character == candidate ? diagonal : diagonal + 1
        diagonal = row[column + 1]
        row[column + 1] = min(cost, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[other.count]
  }
}

/// An argument that a pass takes.
public struct PassParameter: Sendable {
  /// The name, such as `banned`.
  public let name: String
  /// What it means, and the default.
  public let summary: String

  /// Creates the description of an argument.
  public init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
  }
}

/// The arguments given to a pass, by name.
public struct PassArguments: Sendable {
  private let pass: String
  private let values: [String: String]

  init(_ text: String, for pass: String, taking parameters: [PassParameter]) throws(GraphPassError) {
    self.pass = pass
    var values: [String: String] = [:]
    for (position, item) in text.split(separator: ",").enumerated() {
      let colon = item.firstIndex(of: ":")
      let name = colon.map { String(item[..<$0]) } ?? (position == 0 ? parameters.first?.name : nil)
      guard let name else {
        throw GraphPassError(.badArgument(pass: pass, argument: String(item), problem: "has no name"))
      }
      guard parameters.contains(where: { $0.name == name }) else {
        let known = parameters.map(\.name).joined(separator: ", ")
        throw GraphPassError(
          .badArgument(
            pass: pass, argument: name,
            problem: known.isEmpty ? "is not taken; the pass has none" : "is not taken; there are \(known)"))
      }
      let value = colon.map { String(item[item.index(after: $0)...]) } ?? String(item)
      // Repeating a name adds to a list.
      values[name] = values[name].map { "\($0),\(value)" } ?? value
    }
    self.values = values
  }

  /// The text of an argument, or `nil` if it was not given.
  public subscript(name: String) -> String? { values[name] }

  /// The items of an argument that was given several times; empty if it was not given.
  public func list(_ name: String) -> [String] {
    values[name].map { $0.split(separator: ",").map(String.init) } ?? []
  }

  /// One of several choices.
  ///
  /// - Throws: ``GraphPassError/Kind/badArgument(pass:argument:problem:)`` for any other word.
  public func choice<Value>(
    _ name: String, _ choices: KeyValuePairs<String, Value>, default defaultValue: Value
  ) throws(GraphPassError) -> Value {
    guard let text = values[name] else { return defaultValue }
    if let choice = choices.first(where: { $0.key == text }) { return choice.value }
    let words = choices.map(\.key).joined(separator: ", ")
    throw GraphPassError(
      .badArgument(pass: pass, argument: name, problem: "is '\(text)', but must be one of \(words)"))
  }

  /// The text of a required argument.
  ///
  /// - Throws: ``GraphPassError/Kind/badArgument(pass:argument:problem:)`` if it was not given.
  public func required(_ name: String) throws(GraphPassError) -> String {
    guard let value = values[name] else {
      throw GraphPassError(.badArgument(pass: pass, argument: name, problem: "must be given"))
    }
    return value
  }
}
