/// The accepted assignments of a sweep, dim by dim.
///
/// ```text
/// x.size()[0]   1 … 4        with x.size()[1]   2 … 64
/// x.size()[0]   5 … 4096     with x.size()[1]   2, 4 … 64
/// ```
///
/// Values of one dim that leave the same choices for later dims share a row.
public struct AcceptedSizes: Hashable, Sendable {
  /// Values of a dim, and the choices they leave for later dims.
  public struct Row: Hashable, Sendable {
    /// The values.
    public internal(set) var values: IntegerSet
    /// The choices for later dims; `nil` for the last dim.
    public let rest: AcceptedSizesBox?
  }

  /// The rows, in order of their first value.
  public internal(set) var rows: [Row] = []

  /// How many assignments there are.
  public var count: Int {
    rows.reduce(0) { $0 + $1.values.count * ($1.rest?.sizes.count ?? 1) }
  }
}

/// A shared ``AcceptedSizes``.
public final class AcceptedSizesBox: Hashable, Sendable {
  /// The shared value.
  public let sizes: AcceptedSizes

  init(_ sizes: AcceptedSizes) { self.sizes = sizes }

  /// Whether both hold the same choices.
  public static func == (a: AcceptedSizesBox, b: AcceptedSizesBox) -> Bool { a === b || a.sizes == b.sizes }

  /// Hashes the choices.
  public func hash(into hasher: inout Hasher) { hasher.combine(sizes) }
}

extension AcceptedSizes {
  /// Adds a value above all others of this dim.
  ///
  /// - Returns: whether it began a progression.
  mutating func append(_ value: Int, rest: AcceptedSizesBox?, known: inout [AcceptedSizesBox?: Int]) -> Bool {
    if let row = known[rest] { return rows[row].values.append(value) }
    known[rest] = rows.count
    var values = IntegerSet()
    values.append(value)
    rows.append(Row(values: values, rest: rest))
    return true
  }

  /// How the only later dim depends on this one: from `a·v + b` to `c·v + d` for every accepted `v`.
  ///
  /// `nil` unless there are several rows, all of that form.
  var affineBounds: (a: Int, b: Int, c: Int, d: Int)? {
    guard rows.count > 2, let p = bounds(of: rows[0]), let q = bounds(of: rows[1]), p.value != q.value,
      let (a, b) = Self.line(p.value, p.lower, q.value, q.lower),
      let (c, d) = Self.line(p.value, p.upper, q.value, q.upper)
    else { return nil }
    for row in rows {
      guard let point = bounds(of: row), point.lower == Self.value(a, point.value, b),
        point.upper == Self.value(c, point.value, d)
      else { return nil }
    }
    return (a, b, c, d)
  }

  private func bounds(of row: Row) -> (value: Int, lower: Int, upper: Int)? {
    guard row.values.count == 1, let value = row.values.progressions.first?.lower,
      let inner = row.rest?.sizes.rows, inner.count == 1, inner[0].rest == nil,
      inner[0].values.progressions.count == 1, let range = inner[0].values.progressions.first, range.step == 1
    else { return nil }
    return (value, range.lower, range.upper)
  }

  private static func line(_ x: Int, _ y: Int, _ u: Int, _ v: Int) -> (Int, Int)? {
    let (run, rise) = (u.subtractingReportingOverflow(x), v.subtractingReportingOverflow(y))
    guard !run.overflow, !rise.overflow, run.partialValue > 0, rise.partialValue % run.partialValue == 0
    else {
      return nil
    }
    let slope = rise.partialValue / run.partialValue
    let (product, overflow) = slope.multipliedReportingOverflow(by: x)
    let (start, isTooFar) = y.subtractingReportingOverflow(product)
    return overflow || isTooFar ? nil : (slope, start)
  }

  /// `slope · x + start`, unless it overflows.
  private static func value(_ slope: Int, _ x: Int, _ start: Int) -> Int? {
    let (product, overflow) = slope.multipliedReportingOverflow(by: x)
    let (sum, isTooFar) = product.addingReportingOverflow(start)
    return overflow || isTooFar ? nil : sum
  }
}

extension AcceptedSizes {
  /// The rows as text for people, at most `limit` lines.
  ///
  /// `names` are those of the dims, in order.
  public func lines(names: [String], limit: Int = 12) -> [String] {
    guard let name = names.first else { return [] }
    if names.count == 2, let (a, b, c, d) = affineBounds {
      var values = IntegerSet()
      for row in rows { row.values.progressions.forEach { values.append($0.lower) } }
      let (from, to) = (Self.linear(a, name, b), Self.linear(c, name, d))
      return [
        "\(name)  \(values)   with  \(names[1])  " + (from == to ? "= \(from)" : "from \(from) to \(to)")
      ]
    }
    var lines: [String] = []
    for row in rows {
      let own = "\(name)  \(row.values)"
      let inner = row.rest?.sizes.lines(names: Array(names.dropFirst()), limit: limit) ?? []
      lines += inner.isEmpty ? [own] : inner.map { "\(own)   with  \($0)" }
      if lines.count > limit { break }
    }
    if lines.count > limit { lines = lines.prefix(limit) + ["… more rows: \(rows.count) in all"] }
    return lines
  }

  /// `2*x + 1`.
  private static func linear(_ factor: Int, _ name: String, _ constant: Int) -> String {
    let product = factor == 0 ? "" : factor == 1 ? name : "\(factor)*\(name)"
    if product.isEmpty { return "\(constant)" }
    return constant == 0 ? product : constant > 0 ? "\(product) + \(constant)" : "\(product) - \(-constant)"
  }
}
