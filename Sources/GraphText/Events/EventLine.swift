/// An event of `TORCH_LOGS=dynamic`, as one line has it.
///
///     create_symbol s77 = 6 for L['x'].size()[0] [2, int_oo] y = x + 1  # model.py:8 in forward (…), for more info …
///     create_unbacked_symint u0 [-int_oo, int_oo] n = x.nonzero()  # model.py:9 in forward (…)
///     constrain_symbol_range u0 [0, 9223372036854775806]
///     eval Eq(s21, 4) [guard added] y = x.expand(m, 4)  # model.py:11 in forward (…)
///     runtime_assert u0 >= 1 [guard added] torch._check(m >= 1)  # model.py:10 in forward (…)
///     set_replacement s21 = 4 (range_refined_to_singleton) VR[4, 4]
///
/// - Source: `torch/fx/experimental/symbolic_shapes.py`, v2.13.
enum EventLine {
  case symbol(LoggedEnvironment.Symbol)
  case range(String, lower: Int?, upper: Int?)
  case condition(LoggedEnvironment.Condition, isRuntimeAssert: Bool)
  case replacement(String, value: String, lower: Int?, upper: Int?)

  private static let names = [
    "create_symbol ", "create_unbacked_sym", "constrain_symbol_range ", "_constrain_range_for_size ", "eval ",
    "runtime_assert ", "set_replacement ", "_update_var_to_range ",
  ]

  init?(_ text: SourceText, _ range: Range<Int>) {
    let bytes = text.bytes[range]
    guard let name = Self.names.first(where: { bytes.starts(with: $0.utf8) }) else { return nil }
    let rest = text.text(range.lowerBound + name.utf8.count..<range.upperBound)
    let event: EventLine? =
      switch name {
      case "create_symbol ": Self.symbol(rest[...])
      case "create_unbacked_sym": Self.unbacked(rest[...])
      case "eval ", "runtime_assert ": Self.condition(rest[...], isRuntimeAssert: name == "runtime_assert ")
      case "set_replacement ": Self.replacement(rest[...])
      default: Self.range(rest[...])
      }
    guard let event else { return nil }
    self = event
  }

  func apply(to environment: inout LoggedEnvironment) {
    switch self {
    case .symbol(let symbol): environment.add(symbol)
    case .range(let name, let lower, let upper): environment.narrow(name, lower, upper)
    case .condition(let condition, let isRuntimeAssert):
      environment.add(condition, isRuntimeAssert: isRuntimeAssert)
    case .replacement(let name, let value, let lower, let upper):
      environment.replace(name, by: value)
      environment.narrow(name, lower, upper)
    }
  }

  // Parts

  /// Reads `s77 = 6 for L['x'].size()[0] [2, int_oo]` and what follows it.
  private static func symbol(_ rest: Substring) -> EventLine? {
    guard let (name, afterName) = cut(rest, at: " = "), isSymbol(name),
      let (value, afterValue) = cut(afterName, at: " for "), let (source, tail) = cut(afterValue, at: " ["),
      let (range, code) = cut(tail, at: "]")
    else { return nil }
    let (lower, upper) = bounds(String(range))
    return .symbol(
      .init(
        name: String(name), lower: lower, upper: upper, hint: Int(value), source: String(source),
        origin: origin(code)))
  }

  /// `int u0 [-int_oo, int_oo] …`, after `create_unbacked_sym`.
  private static func unbacked(_ rest: Substring) -> EventLine? {
    guard let (_, afterKind) = cut(rest, at: " "), let (name, tail) = cut(afterKind, at: " ["),
      isSymbol(name),
      let (range, code) = cut(tail, at: "]")
    else { return nil }
    let (lower, upper) = bounds(String(range))
    return .symbol(
      .init(name: String(name), lower: lower, upper: upper, hint: nil, source: nil, origin: origin(code)))
  }

  /// `u0 [0, 8]`, or `s27 = VR[2, 8] (update)`.
  private static func range(_ rest: Substring) -> EventLine? {
    guard let (head, tail) = cut(rest, at: "["), let (range, _) = cut(tail, at: "]") else { return nil }
    let name = head.prefix { $0 != " " }
    guard isSymbol(name) else { return nil }
    let (lower, upper) = bounds(String(range))
    return .range(String(name), lower: lower, upper: upper)
  }

  /// `Eq(s21, 4) [guard added] …`; a suppressed one holds all the same where it was asked for.
  private static func condition(_ rest: Substring, isRuntimeAssert: Bool) -> EventLine? {
    guard let (text, code) = cut(rest, at: " [guard added]"), !text.hasPrefix("[guard suppressed]") else {
      return nil
    }
    return .condition(
      .init(expression: String(text), origin: origin(code)), isRuntimeAssert: isRuntimeAssert)
  }

  /// `s21 = 4 (range_refined_to_singleton) VR[4, 4]`.
  private static func replacement(_ rest: Substring) -> EventLine? {
    guard let (name, tail) = cut(rest, at: " = "), isSymbol(name),
      let (head, rangeTail) = cut(tail, at: " VR["),
      let (range, _) = cut(rangeTail, at: "]")
    else { return nil }
    let open = head.lastIndex(of: "(") ?? head.endIndex
    let value = head[..<open]
    let (lower, upper) = bounds(String(range))
    return .replacement(
      String(name), value: String(value.last == " " ? value.dropLast() : value), lower: lower, upper: upper)
  }

  private static func isSymbol(_ name: Substring) -> Bool {
    guard let first = name.first, first.isLetter || first == "_" else { return false }
    return name.utf8.allSatisfy(\.continuesName)
  }

  /// The text before and after the first `mark`.
  private static func cut(_ text: Substring, at mark: String) -> (Substring, Substring)? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(mark) { return (text[..<index], text[index...].dropFirst(mark.count)) }
      index = text.index(after: index)
    }
    return nil
  }

  /// The bounds of `2, int_oo` or `[2, int_oo]`; `nil` for infinity.
  static func bounds(_ text: String) -> (lower: Int?, upper: Int?) {
    let parts = text.filter { $0 != "[" && $0 != "]" && $0 != " " }.split(separator: ",")
    guard parts.count == 2 else { return (nil, nil) }
    return (Int(parts[0]), Int(parts[1]))
  }

  /// `model.py:8 in forward: y = x + 1` for `y = x + 1  # model.py:8 in forward (…)`.
  private static func origin(_ text: Substring) -> String? {
    guard let (code, place) = cut(text, at: "  # ") else { return nil }
    let end = cut(place, at: " (")?.0 ?? place
    let trimmed = code.drop { $0 == " " }
    return trimmed.isEmpty ? String(end) : "\(end): \(trimmed)"
  }
}
