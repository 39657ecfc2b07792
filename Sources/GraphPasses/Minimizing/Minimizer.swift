public import FX

/// Finds the calls of a graph that make a test fail, such as a comparison of two backends.
///
/// The test gets parts of the graph; how the parts are chosen is the ``Method``.
///
/// - Source: `_MinimizerBase` in `torch/fx/passes/net_min_base.py`, v2.13.
public struct Minimizer: Sendable {
  /// How parts are chosen.
  public enum Method: Sendable {
    /// Each call alone.
    case sequential
    /// All calls, then halves of what fails.
    case binary
    /// The shortest part that fails when everything before it is left out, and then what follows it.
    case block
    /// The first calls, one more each time; the last one added is the culprit.
    case accumulate
    /// The smallest set of calls that fails: none of them can be left out.
    case smallest
  }

  /// How parts are chosen.
  public var method: Method
  /// Whether ``Method/sequential`` and ``Method/binary`` go on after the first culprit.
  public var findsAll = false

  /// Creates a search.
  public init(_ method: Method = .binary) { self.method = method }

  /// The calls at fault, in their order; none if the test passes.
  ///
  /// - Parameters:
  ///   - nodes: the calls to search, in the order of the graph.
  ///   - fails: whether the test fails for a part; ``FX/GraphModule/part(_:returning:)`` makes a module of it.
  /// - Returns: the culprits.
  /// - Throws: what the test throws.
  public func culprits<Failure: Error>(
    among nodes: [Node], where fails: ([Node]) throws(Failure) -> Bool
  ) throws(Failure) -> [Node] {
    if nodes.isEmpty { return [] }
    switch method {
    case .sequential:
      var culprits: [Node] = []
      for node in nodes where try fails([node]) {
        culprits.append(node)
        if !findsAll { break }
      }
      return culprits
    case .binary: return try halves(nodes, fails)
    case .accumulate:
      for end in nodes.indices where try fails(Array(nodes[...end])) { return [nodes[end]] }
      return []
    case .block:
      guard try fails(nodes) else { return [] }
      // The whole fails, so the last position needs no test.
      let end = try Self.first(in: 0..<nodes.count - 1) { (end) throws(Failure) in
        try fails(Array(nodes[...end]))
      }
      // The first start from which the part no longer fails lies right after the block's.
      let start = try Self.first(in: 1..<end + 1) { (start) throws(Failure) in
        try !fails(Array(nodes[start...end]))
      }
      return Array(nodes[(start - 1)...end])
    case .smallest: return try smallest(nodes, fails)
    }
  }

  private func halves<Failure: Error>(
    _ nodes: [Node], _ fails: ([Node]) throws(Failure) -> Bool
  ) throws(Failure) -> [Node] {
    guard try fails(nodes) else { return [] }
    if nodes.count == 1 { return nodes }
    let middle = nodes.count / 2
    let left = try halves(Array(nodes[..<middle]), fails)
    if !left.isEmpty, !findsAll { return left }
    return left + (try halves(Array(nodes[middle...]), fails))
  }

  /// The first position of a range from which on `isTrue` holds, or its end; by bisection.
  private static func first<Failure: Error>(
    in range: Range<Int>, where isTrue: (Int) throws(Failure) -> Bool
  ) throws(Failure) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if try isTrue(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Leaves out ever smaller pieces while what remains still fails.
  ///
  /// - Complexity: O(*n*²) tests, O(log *n*) for one culprit.
  /// - Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002.
  private func smallest<Failure: Error>(
    _ nodes: [Node], _ fails: ([Node]) throws(Failure) -> Bool
  ) throws(Failure) -> [Node] {
    guard try fails(nodes) else { return [] }
    var nodes = nodes
    var pieces = 2
    while nodes.count > 1 {
      let length = (nodes.count + pieces - 1) / pieces
      var start = 0
      var hasShrunk = false
      while start < nodes.count, nodes.count > 1 {
        let end = min(start + length, nodes.count)
        let rest = Array(nodes[..<start] + nodes[end...])
        if !rest.isEmpty, try fails(rest) {
          nodes = rest
          hasShrunk = true
        } else {
          start = end
        }
      }
      if length == 1 {
        if !hasShrunk { break }
      } else {
        pieces = min(pieces * 2, nodes.count)
      }
    }
    return nodes
  }
}
