import ExportedPrograms
import FX
import ProgramComparison
import TensorVocabulary
import TestSupport

/// One random change of a program, and what a comparison must say about it.
struct ProgramEdit {
  /// The kind of the change, and where.
  let name: String
  /// The program after the change.
  let program: ExportedProgram
  /// What must be reported.
  let expected: ReportedChanges
  /// Nodes that may be reported as changed because their inputs were, as the comparison calls them.
  var consequences: Set<String> = []
  /// Whether the change is one of a condition that is asserted.
  var touchesAssert = false

  /// The kinds of changes.
  static let kinds: [@Sendable (ExportedProgram, inout SplitMix64) -> ProgramEdit?] = [
    otherOperator, otherLiteral, otherInput, insertedCall, removedCall, removedAssert, exchangedOutputs,
    removedOutput, otherDtype, otherSize, otherStride, otherDevice, otherNumber, otherRange, otherKind,
    otherInputName, exchangedInputs, otherOutputKind, otherNesting,
  ]

  /// What is wrong with a comparison of the programs before and after the change; `nil` if nothing is.
  func problem(_ difference: ProgramDifference, mirrored: ProgramDifference) -> String? {
    let (found, turned) = (ReportedChanges(difference, .there), ReportedChanges(mirrored, .back))
    if let problem = found.problem(expected, self) { return "\(name): \(problem)" }
    if found != turned { return "\(name): \(found), mirrored \(turned)" }
    if difference.isEqual { return "\(name): equal" }
    return nil
  }
}

/// What a comparison reports, for tests.
struct ReportedChanges: Equatable {
  /// The operators of nodes that only A or B has; names may be those of equal nodes.
  var removed: [String] = []
  var added: [String] = []
  /// The changed nodes by their names in A.
  var changed: [String: Set<ProgramDifference.Field>] = [:]
  /// Everything else: a word for each kind of change, with a number.
  var others: [String: Int] = [:]

  enum Direction { case there, back }

  init() {}

  init(_ difference: ProgramDifference, _ direction: Direction) {
    let isThere = direction == .there
    (removed, added) = (difference.nodes.removed.sorted(), difference.nodes.added.sorted())
    if !isThere { swap(&removed, &added) }
    for change in difference.nodes.changed {
      changed[isThere ? change.a : change.b, default: []].formUnion(change.fields)
    }
    let asserts = (difference.removedAsserts.count, difference.addedAsserts.count)
    let counts = [
      "ranges": difference.ranges.count, "removedAsserts": isThere ? asserts.0 : asserts.1,
      "addedAsserts": isThere ? asserts.1 : asserts.0, "contents": difference.state.changed.count,
      "kinds": difference.state.kindChanged.count, "renamedState": difference.state.renamed.count,
      "state": difference.state.removed.count + difference.state.added.count,
      "renamedInputs": difference.renamedInputs.count, "moved": difference.nodes.moved.isEmpty ? 0 : 1,
      "nesting": difference.nesting.count, "outputs": difference.outputs.count,
    ]
    others = counts.filter { $0.value > 0 }
  }

  func problem(_ expected: ReportedChanges, _ edit: ProgramEdit) -> String? {
    // Of equal nodes any may be the one that was removed.
    if removed.count != expected.removed.count || added.count != expected.added.count {
      return "-\(removed) +\(added), expected -\(expected.removed) +\(expected.added)"
    }
    for (name, fields) in expected.changed where !fields.isSubset(of: changed[name] ?? []) {
      return "\(name) \(fields) not among \(changed)"
    }
    let more = changed.filter { name, fields in
      !edit.consequences.contains(name) && expected.changed[name] != fields
    }
    if !more.isEmpty { return "\(more) did not change, expected \(expected.changed)" }
    let kinds = Set(others.keys).union(expected.others.keys)
    let isExpected = kinds.allSatisfy {
      others[$0] == expected.others[$0] || edit.touchesAssert && $0.hasSuffix("Asserts")
    }
    return isExpected ? nil : "\(others), expected \(expected.others)"
  }
}

// MARK: - Places

extension ProgramEdit {
  /// A node of the program or of a nested graph.
  struct Place {
    let path: String
    let module: GraphModule
    let node: Node

    var graph: Graph { module.graph }
    var name: String { named(node) }

    func named(_ node: Node) -> String {
      path.isEmpty ? graph.name(of: node) : "\(path).\(graph.name(of: node))"
    }

    /// The program with another graph here.
    func program(_ program: ExportedProgram, _ graph: Graph) -> ExportedProgram {
      var result = program
      var module = module
      module.graph = graph
      if path.isEmpty {
        result.graphModule.graph = graph
      } else {
        result.graphModule.setSubmodule(module, at: path)
      }
      return result
    }

    /// Whether the node asserts a condition or is one that is asserted.
    var touchesAssert: Bool {
      ([node] + graph.users(of: node)).contains { graph.target(of: $0) == ProgramEdit.assertTarget }
    }

    var users: Set<String> { Set(graph.users(of: node).map(named)) }
  }

  static let assertTarget: Node.Target = "torch.ops.aten._assert_scalar.default"

  /// A random node of the program that satisfies a condition; nested graphs as often as the program's own.
  static func place(
    in program: ExportedProgram, _ numbers: inout SplitMix64, where isWanted: (Place) -> Bool
  ) -> Place? {
    var modules = program.graphModule.namedModules.filter { entry in
      entry.name.isEmpty || !entry.value.isContainer && isCalled(entry.name, in: program.graphModule)
    }
    modules.shuffle(using: &numbers)
    for module in modules {
      let places = module.value.graph.nodes.map { Place(path: module.name, module: module.value, node: $0) }
      if let place = places.filter(isWanted).randomElement(using: &numbers) { return place }
    }
    return nil
  }

  /// Whether a node of the graph above refers to the module, so that it is compared.
  private static func isCalled(_ path: String, in root: GraphModule) -> Bool {
    let (head, last) =
      path.lastIndex(of: ".").map {
        (String(path[..<$0]), String(path[path.index(after: $0)...]))
      } ?? ("", path)
    let parent = head.isEmpty ? root : root.submodule(at: head)
    guard let parent, head.isEmpty || isCalled(head, in: root) else { return false }
    return parent.graph.nodes.contains {
      parent.graph.op(of: $0) == .getAttr && parent.graph.target(of: $0).text == last
    }
  }

  static func isCall(_ place: Place) -> Bool {
    place.graph.op(of: place.node) == .callFunction && place.graph.target(of: place.node) != .getitem
  }
}
