public import FX

/// Runs passes one after the other and checks the module after each.
///
/// After every pass the module is linted and handed to the checks, so that an error names the pass that broke
/// something. When anything fails, the module is what it was before the first pass.
public struct PassManager: Sendable {
  /// Looks at a module after a pass changed it.
  public typealias Check = @Sendable (_ module: GraphModule, _ changes: Changes) throws -> Void

  /// The passes, in the order in which they run.
  public private(set) var passes: [GraphPass]
  private var constraints: [(earlier: String, later: String)] = []
  /// What is checked after each pass, besides that the module is well formed.
  public var checks: [Check] = []
  /// How often the passes run at most, one round after the other until nothing changes.
  public var rounds = 1

  /// Makes a manager of passes.
  public init(_ passes: [GraphPass]) { self.passes = passes }

  /// Adds a pass at the end.
  public mutating func add(_ pass: GraphPass) { passes.append(pass) }

  /// Demands that wherever both passes are used, `earlier` runs before `later`.
  public mutating func require(_ earlier: String, before later: String) {
    constraints.append((earlier, later))
  }

  /// Puts the passes into an order that fulfils the demands, otherwise as they are.
  ///
  /// - Throws: ``GraphPassError/Kind/cycle(nodes:)`` when the demands contradict each other.
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

  /// Checks that the order of the passes fulfils the demands.
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

/// A pass that threw, or left a module that a check refuses.
public struct PassFailure: Error, CustomStringConvertible {
  /// The name of the pass.
  public let pass: String
  /// What went wrong.
  public let underlying: any Error

  /// The pass and what went wrong.
  public var description: String { "pass '\(pass)': \(underlying)" }
}
