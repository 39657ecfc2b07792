/// Limits on the work of each program, by family, length and counter.
public struct Thresholds: Codable, Sendable {
  private var limits: [String: [String: [String: Int]]] = [:]

  /// The fraction by which a counter may exceed its limit.
  public static let tolerance = 0.1

  /// Sets the limits to what was counted.
  public init(_ works: [Work]) {
    for work in works {
      limits[work.family, default: [:]]["\(work.length)"] = Dictionary(
        uniqueKeysWithValues: work.counters.map { ($0.name, $0.value) })
    }
  }

  /// Decodes the limits.
  public init(from decoder: any Decoder) throws {
    limits = try decoder.singleValueContainer().decode([String: [String: [String: Int]]].self)
  }

  /// Encodes the limits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(limits)
  }

  /// The counters that exceed their limits, one per line.
  public func findings(in work: Work) -> [String] {
    let program = "\(work.family), \(work.nodes) nodes"
    guard let allowed = limits[work.family]?["\(work.length)"] else {
      return ["\(program): nothing says how much work it may be"]
    }
    return work.counters.compactMap { name, value in
      guard let limit = allowed[name] else { return "\(program): nothing says how many \(name) there may be" }
      guard Double(value) > Double(limit) * (1 + Self.tolerance) else { return nil }
      return
        "\(program): \(value) \(name), \(limit) allowed; \(perNode(value, work)) a node, not \(perNode(limit, work))"
    }
  }

  private func perNode(_ value: Int, _ work: Work) -> String {
    "\((work.perNode(value) * 1e3).rounded() / 1e3)"
  }
}
