/// What the event lines of one compilation say about its symbols (`TORCH_LOGS=dynamic`, or the records of a trace).
public struct LoggedEnvironment: Equatable, Sendable {
  /// A symbol as the log made it.
  public struct Symbol: Equatable, Sendable {
    /// Its name, such as `s77`.
    public var name: String
    /// The lowest value it may have; `nil` for −∞.
    public var lower: Int?
    /// The highest value it may have; `nil` for +∞.
    public var upper: Int?
    /// The example value, when it has one.
    public var hint: Int?
    /// What it stands for, such as `L['x'].size()[0]`.
    public var source: String?
    /// The line of the author's program at which it was made.
    public var origin: String?
  }

  /// A condition that the compilation took for granted, or checks when it runs.
  public struct Condition: Equatable, Sendable {
    /// What holds.
    public var expression: String
    /// The line of the author's program that asked for it.
    public var origin: String?
  }

  /// The compilation, such as `0/0`.
  public var compileID: String
  /// The process that logged it.
  public var process: String
  /// The symbols, in the order in which they were made.
  public var symbols: [Symbol] = []
  /// Symbols that turned out to be something else.
  public var replacements: [(symbol: String, value: String)] { replaced.map { ($0.symbol, $0.value) } }
  /// Conditions on example values.
  public var guards: [Condition] = []
  /// Conditions that a run checks.
  public var runtimeAsserts: [Condition] = []

  struct Replacement: Equatable, Sendable {
    var symbol: String
    var value: String
  }

  var replaced: [Replacement] = []

  init(compileID: String, process: String) {
    self.compileID = compileID
    self.process = process
  }

  /// The symbol called `name`.
  public func symbol(_ name: String) -> Symbol? { symbols.first { $0.name == name } }
}

extension LoggedEnvironment {
  mutating func add(_ symbol: Symbol) {
    if let index = symbols.firstIndex(where: { $0.name == symbol.name }) {
      symbols[index] = symbol
    } else {
      symbols.append(symbol)
    }
  }

  /// Narrows the range of a symbol.
  mutating func narrow(_ name: String, _ lower: Int?, _ upper: Int?) {
    guard let index = symbols.firstIndex(where: { $0.name == name }) else { return }
    if let lower { symbols[index].lower = max(symbols[index].lower ?? lower, lower) }
    if let upper { symbols[index].upper = min(symbols[index].upper ?? upper, upper) }
  }

  mutating func replace(_ name: String, by value: String) {
    replaced.removeAll { $0.symbol == name }
    replaced.append(Replacement(symbol: name, value: value))
  }

  /// Adds a condition, once; a bound of one symbol narrows its range.
  mutating func add(_ condition: Condition, isRuntimeAssert: Bool) {
    if isRuntimeAssert {
      if !runtimeAsserts.contains(where: { $0.expression == condition.expression }) {
        runtimeAsserts.append(condition)
      }
    } else if !guards.contains(where: { $0.expression == condition.expression }) {
      guards.append(condition)
    }
    if let (name, lower, upper) = Self.bound(condition.expression) { narrow(name, lower, upper) }
  }

  /// The symbol and the bounds of `s27 <= 4096`; `nil` for anything else.
  private static func bound(_ text: String) -> (name: String, lower: Int?, upper: Int?)? {
    let parts = text.split(separator: " ")
    guard parts.count == 3 else { return nil }
    let (left, mark, right) = (String(parts[0]), String(parts[1]), String(parts[2]))
    if let value = Int(right), left.utf8.allSatisfy(\.continuesName), Int(left) == nil {
      switch mark {
      case "<=": return (left, nil, value)
      case ">=": return (left, value, nil)
      case "<": return value == .min ? nil : (left, nil, value - 1)
      case ">": return value == .max ? nil : (left, value + 1, nil)
      default: return nil
      }
    }
    if let value = Int(left), right.utf8.allSatisfy(\.continuesName), Int(right) == nil {
      switch mark {
      case "<=": return (right, value, nil)
      case ">=": return (right, nil, value)
      case "<": return value == .max ? nil : (right, value + 1, nil)
      case ">": return value == .min ? nil : (right, nil, value - 1)
      default: return nil
      }
    }
    return nil
  }
}

extension GraphDocument {
  /// What the event lines of a graph's compilation say; `nil` when there are none.
  public func environment(of program: TextProgram) -> LoggedEnvironment? {
    environments.first { $0.compileID == program.compileID ?? "" && $0.process == program.process }
  }
}
