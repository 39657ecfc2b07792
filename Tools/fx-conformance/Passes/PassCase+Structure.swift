import FX
import GraphPasses

/// Dead code, equal calls, order, names and lint.
extension PassCase {
  mutating func eliminateDeadCode() throws -> OrderedJSON {
    guard case .array(let kept)? = parameters["impure"] else {
      return ["changed": .bool(try module.eliminateDeadCode())]
    }
    let names = Set(kept.compactMap(\.text))
    let changed = try module.eliminateDeadCode { graph, node in
      [.placeholder, .output].contains(graph.op(of: node)) || names.contains(graph.op(of: node).name)
        || names.contains(graph.target(of: node).text)
        || names.contains(graph.target(of: node).text.replacingPrefix("torch.ops.", with: ""))
    }
    return ["changed": .bool(changed)]
  }

  var bannedOperators: Set<String> {
    guard case .array(let banned)? = parameters["banned"] else {
      return CommonSubexpressions.randomOperators.union(CommonSubexpressions.inPlaceOperators)
    }
    return Set(banned.compactMap(\.text).map { $0.replacingPrefix("torch.ops.", with: "") })
  }

  mutating func mergeSubexpressions(_ pass: CommonSubexpressions) throws -> OrderedJSON {
    ["changed": .bool(try pass(&module.graph).count > 0)]
  }

  mutating func canonicalize() throws -> OrderedJSON {
    let valued = Set(
      (graph["nodes"]?.items ?? []).filter { node in
        guard let kind = node["val"]?["kind"]?.text else { return false }
        return ["tensor", "symint", "symfloat", "symbool", "tuple", "list"].contains(kind)
      }.compactMap { $0["name"]?.text })
    let before = module
    let renamed = try module.graph.canonicalize(
      groupsItems: parameters["group_getitems"]?.bool ?? true,
      hasValue: { valued.contains(before.graph.name(of: $0)) }, isImpure: { before.isImpure($0) })
    return ["renamed": .object(renamed.map { .init(key: $0.old, value: .string($0.new)) })]
  }

  func lint() throws -> OrderedJSON {
    do throws(GraphError) { try module.lint() } catch {
      // PyTorch does not mind code that never runs.
      guard case .afterOutput = error.kind else { throw error }
    }
    return ["fine": true]
  }

  func namespace() -> OrderedJSON {
    var names = Namespace()
    let candidates = parameters["candidates"] ?? parameters["names"] ?? .null
    let made = candidates.items.compactMap(\.text).map { names.createName($0) }
    return ["names": .strings(made.map { names.strings[$0] })]
  }

  mutating func targetNames() throws -> OrderedJSON {
    var graph = Graph()
    var names: [OrderedJSON] = []
    for creation in parameters["creations"]?.items ?? [] {
      guard let op = creation["op"]?.text.flatMap({ Graph.Op(name: $0) }),
        let target = creation["target"]?.text
      else { throw CaseError("a creation without op or target") }
      let node = graph.createNode(op, Node.Target(target), name: creation["name"]?.text)
      names.append(.string(graph.name(of: node)))
    }
    return ["names": .array(names)]
  }
}

extension String {
  func replacingPrefix(_ prefix: String, with replacement: String) -> String {
    hasPrefix(prefix) ? replacement + dropFirst(prefix.count) : self
  }
}
