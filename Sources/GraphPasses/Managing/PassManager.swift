public import FX

/// Runs passes one after another and checks the module after each.
///
/// After every pass, the module is linted and passed to the checks, so that an error names the pass that broke
/// something. If anything fails, the module is restored to its state before the first pass.
public struct PassManager: Sendable {
  /// Checks a module after a pass changed it.
  public typealias Check = @Sendable (_ module: GraphModule, _ changes: Changes) throws -> Void

  /// The passes, in the order in which they run.
  public private(set) var passes: [GraphPass]
  private var constraints: [(earlier: String, later: String)] = []
  /// The checks made after each pass, in addition to lint.
  public var checks: [Check] = []
  /// The maximum number of rounds; rounds are repeated until nothing changes.
  public var rounds = 1

  /// Creates a manager of passes.
  public init(_ passes: [GraphPass]) { self.passes = passes }

  /// Adds a pass at the end.
  public mutating func add(_ pass: GraphPass) { passes.append(pass) }

  /// Requires `earlier` to run before `later` if both passes are used.
  public mutating func require(_ earlier: String, before later: String) {
    constraints.append((earlier, later))
  }

  /// Sorts the passes so that the requirements are met, changing their order as little as possible.
  ///
  /// - Throws: ``GraphPassError/Kind/cycle(nodes:)`` if the requirements contradict each other.
  public mutating func sort() throws(GraphPassError) {
    var graph = Graph()
    var numbers: NodeMap<Int> = [:]
    var nodes: [String: [Node]] = [:]
    for (number, pass) in passes.enumerated() {
      let node = graph.callFunction(Node.Target(pass.name))
      numbers[node] = number
      nodes[pass.name, default: []].append(node)
    }
    for constraint in constraints {
      for later in nodes[constraint.later] ?? [] {
        let earlier = (nodes[constraint.earlier] ?? []).map { Node.Argument.node($0) }
        graph.setArgs(Array(graph.args(of: later)) + earlier, of: later)
      }
    }
    let names = passes.map(\.name)
    do {
      let order = try graph.topologicalOrder(of: Array(graph.nodes))
      passes = order.compactMap { numbers[$0] }.map { passes[$0] }
    } catch {
      throw GraphPassError(.cycle(nodes: names))
    }
  }

  /// Checks that the order of the passes meets the requirements.
  ///
  /// - Throws: ``GraphPassError/Kind/order(pass:needs:)``.
  public func validateOrder() throws(GraphPassError) {
    for constraint in constraints {
      guard let first = passes.firstIndex(where: { $0.name == constraint.later }),
        let last = passes.lastIndex(where: { $0.name == constraint.earlier }), last > first
      else { continue }
      throw GraphPassError(.order(pass: constraint.later, needs: constraint.earlier))
    }
  }

  /// Runs the passes.
  ///
  /// - Returns: what each pass changed, in the order in which they ran; passes that changed nothing are left out.
  /// - Throws: ``PassFailure``, which names the pass, or ``GraphPassError/Kind/order(pass:needs:)``. The module is then
  ///   unchanged.
  @discardableResult
  public func callAsFunction(_ module: inout GraphModule) throws -> [(pass: String, changes: Changes)] {
    try validateOrder()
    var edited = module
    var log: [(pass: String, changes: Changes)] = []
    for _ in 0..<max(rounds, 1) {
      let before = log.count
      for pass in passes {
        do {
          let changes = try pass(&edited)
          try edited.lint()
          if changes.isEmpty { continue }
          for check in checks { try check(edited, changes) }
          log.append((pass.name, changes))
        } catch { throw PassFailure(pass: pass.name, underlying: error) }
      }
      if log.count == before { break }
    }
    module = edited
    return log
  }
}

/// A pass that threw an error, or left a module that a check rejects.
public struct PassFailure: Error, CustomStringConvertible {
  /// The name of the pass.
  public let pass: String
  /// What went wrong.
  public let underlying: any Error

  /// Makes it from its parts.
  public init(pass: String, underlying: any Error) {
    self.pass = pass
    self.underlying = underlying
  }

  /// The pass and what went wrong.
  public var description: String { "pass '\(pass)': \(underlying)" }
}
