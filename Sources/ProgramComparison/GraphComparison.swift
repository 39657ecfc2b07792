import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Compares the graphs of two programs, and the nested ones that counterparts call.
struct GraphComparison {
  private let a: ComparedProgram
  private let b: ComparedProgram
  private let classes = StructureClasses()
  private(set) var symbols: SymbolAlignment
  private(set) var removed: [String] = []
  private(set) var added: [String] = []
  private(set) var changed: [ProgramDifference.NodeChange] = []
  private(set) var renamed: [ProgramDifference.Pair] = []
  private var assertsA: [String] = []
  private var assertsB: [String] = []
  /// The paths of the nested graphs that were compared: several calls may run one.
  private var compared: Set<ProgramDifference.Pair> = []
  /// Whether equalities of B's expressions have been proved.
  private var proved: [SymExpr: Bool] = [:]

  init(_ a: ComparedProgram, _ b: ComparedProgram) {
    self.a = a
    self.b = b
    symbols = SymbolAlignment(a, b)
  }

  /// The asserts that only one of the programs has.
  var asserts: (removed: [String], added: [String]) {
    (Self.without(assertsA, assertsB), Self.without(assertsB, assertsA))
  }

  private static func without(_ texts: [String], _ others: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for text in others { counts[text, default: 0] += 1 }
    return texts.filter { text in
      let count = counts[text, default: 0]
      if count > 0 { counts[text] = count - 1 }
      return count == 0
    }
  }

  /// Compares the graphs at two paths, whose inputs are paired as given.
  mutating func compare(_ pathA: String, _ pathB: String, inputs: [(Node, Node)]) {
    guard compared.insert(.init(a: pathA, b: pathB)).inserted, let moduleA = a.module(at: pathA),
      let moduleB = b.module(at: pathB)
    else { return }
    let (graphA, graphB) = (moduleA.graph, moduleB.graph)
    let isTurned = graphB.precedes(graphA)
    let matching = NodeMatching.inOneOrder(moduleA, moduleB, inputs: inputs, classes, isTurned: isTurned)
    func name(_ node: Node, _ graph: Graph, _ path: String) -> String {
      path.isEmpty ? graph.name(of: node) : "\(path).\(graph.name(of: node))"
    }
    let pairs = graphA.nodes.compactMap { node in matching.toB[node].map { (node, $0) } }
    let ordered =
      isTurned ? graphB.nodes.compactMap { node in matching.toA[node].map { ($0, node) } } : pairs
    symbols.align(ordered, pathA, pathB)
    symbols.alignRest(ordered, pathA, pathB)
    for node in graphA.nodes where matching.toB[node] == nil { removed.append(name(node, graphA, pathA)) }
    for node in graphB.nodes where matching.toA[node] == nil { added.append(name(node, graphB, pathB)) }
    for (x, y) in pairs {
      let (nameX, nameY) = (name(x, graphA, pathA), name(y, graphB, pathB))
      if nameX != nameY { renamed.append(.init(a: nameX, b: nameY)) }
      let fields = wiring(x, y, matching) + values(x, y, pathA, pathB, graphA)
      if !fields.isEmpty {
        let texts = ProgramDifference.Pair(
          a: text(x, graphA, a, pathA, fields), b: text(y, graphB, b, pathB, fields))
        changed.append(.init(a: nameX, b: nameY, fields: fields, texts: texts))
      }
    }
    noteAsserts(graphA, pathA, graphB, pathB)
    for (x, y) in pairs where graphA.op(of: x) == .getAttr {
      let (nameA, nameB) = (graphA.target(of: x).text, graphB.target(of: y).text)
      let (nestedA, nestedB) = (moduleA.submodule(at: nameA), moduleB.submodule(at: nameB))
      guard let nestedA, let nestedB else { continue }
      compare(
        pathA.isEmpty ? nameA : "\(pathA).\(nameA)", pathB.isEmpty ? nameB : "\(pathB).\(nameB)",
        inputs: Array(zip(nestedA.graph.findNodes(.placeholder), nestedB.graph.findNodes(.placeholder))))
    }
  }

  /// Whether two counterparts are given the same.
  private func wiring(_ x: Node, _ y: Node, _ matching: NodeMatching) -> [ProgramDifference.Field] {
    guard let formX = matching.formsA[x], let formY = matching.formsB[y], formX.op != .getAttr else {
      return []
    }
    var fields: [ProgramDifference.Field] = []
    for slot in formX.slots {
      let other = formY.slots.first { $0.name == slot.name }
      let isSame =
        other?.literal == slot.literal && other?.nodes.count == slot.nodes.count
        && zip(slot.nodes, other?.nodes ?? []).allSatisfy { matching.isSame($0, $1) }
      let field: ProgramDifference.Field = slot.isKeyword && other?.isKeyword != false ? .kwargs : .args
      if !isSame, !fields.contains(field) { fields.append(field) }
    }
    for slot in formY.slots where !formX.slots.contains(where: { $0.name == slot.name }) {
      let field: ProgramDifference.Field = slot.isKeyword ? .kwargs : .args
      if !fields.contains(field) { fields.append(field) }
    }
    return fields
  }

  private mutating func values(
    _ x: Node, _ y: Node, _ pathA: String, _ pathB: String, _ graph: Graph
  ) -> [ProgramDifference.Field] {
    guard [.placeholder, .callFunction].contains(graph.op(of: x)) else { return [] }
    switch (a.value(of: x, in: pathA), b.value(of: y, in: pathB)) {
    case (.tensor(let m)?, .tensor(let n)?): return tensors(m, n)
    case (.symInt(let m)?, .symInt(let n)?):
      return isSame(a.shapes.expression(m), b.shapes.expression(n)) ? [] : [.value]
    case (.symFloat(let m)?, .symFloat(let n)?): return isSame(m.expression, n.expression) ? [] : [.value]
    case (.symBool(let m)?, .symBool(let n)?): return isSame(m.expression, n.expression) ? [] : [.value]
    case (.float(let m)?, .float(let n)?): return m == n || m.isNaN && n.isNaN ? [] : [.value]
    case (.bool(let m)?, .bool(let n)?): return m == n ? [] : [.value]
    case (.string(let m)?, .string(let n)?): return m == n ? [] : [.value]
    // The parts of a call with several results are compared where they are selected.
    case (let m?, let n?) where m.elements != nil || n.elements != nil: return []
    case (nil, nil), (FakeValue.none?, FakeValue.none?), (.opaque?, .opaque?): return []
    // One archive records what another leaves out, such as that a call returns nothing.
    case (nil, FakeValue.none?), (FakeValue.none?, nil): return []
    default: return [.value]
    }
  }

  private mutating func tensors(_ m: FakeTensor, _ n: FakeTensor) -> [ProgramDifference.Field] {
    var fields: [ProgramDifference.Field] = []
    if m.dtype != n.dtype { fields.append(.dtype) }
    if m.device.indexed != n.device.indexed || m.layout != n.layout { fields.append(.device) }
    if !isSame(m.sizes, n.sizes) {
      fields.append(.sizes)
    } else if !isSame(m.strides, n.strides) {
      fields.append(.strides)
    }
    return fields
  }

  private mutating func isSame(_ m: Sizes, _ n: Sizes) -> Bool {
    guard m.count == n.count else { return false }
    for (x, y) in zip(m, n) where !isSame(a.shapes.expression(x), b.shapes.expression(y)) { return false }
    return true
  }

  /// Whether an expression of A is one of B, or proved to be equal to it for all values that B's ranges allow.
  private mutating func isSame(_ m: SymExpr, _ n: SymExpr) -> Bool {
    let translated = symbols.translate(m)
    if translated == n || symbols.read(m, as: n) { return true }
    guard let translated else { return false }
    let equality = b.shapes.arena.eq(translated, n)
    if let known = proved[equality] { return known }
    let holds = b.shapes.provesEqual(translated, n)
    proved[equality] = holds
    return holds
  }

  private mutating func noteAsserts(_ graphA: Graph, _ pathA: String, _ graphB: Graph, _ pathB: String) {
    for condition in Self.conditions(graphA, pathA, a) {
      let translated = condition.expression.flatMap { symbols.translate($0) }
      assertsA.append(translated.map { b.shapes.arena.text(of: $0) } ?? condition.text)
    }
    assertsB += Self.conditions(graphB, pathB, b).map(\.text)
  }

  private static func conditions(
    _ graph: Graph, _ path: String, _ program: ComparedProgram
  ) -> [(expression: SymExpr?, text: String)] {
    graph.findNodes(.callFunction, target: "torch.ops.aten._assert_scalar.default").compactMap { node in
      switch graph.argument(0, of: node) {
      case .bool(let truth)?: return (nil, truth ? "True" : "False")
      case .node(let condition)?:
        switch program.value(of: condition, in: path) {
        case .symBool(let truth)?:
          return (truth.expression, program.shapes.arena.text(of: truth.expression))
        case .bool(let truth)?: return (nil, truth ? "True" : "False")
        default: return nil
        }
      default: return nil
      }
    }
  }

  /// A call or a value as a reader wants to see it, depending on what differs.
  private func text(
    _ node: Node, _ graph: Graph, _ program: ComparedProgram, _ path: String,
    _ fields: [ProgramDifference.Field]
  ) -> String {
    var parts: [String] = []
    if fields.contains(.args) || fields.contains(.kwargs) {
      let named = { (argument: Node.Argument) in
        argument.mapNodes { Node.Argument.opaque(.init(tag: "", text: graph.name(of: $0))) }
      }
      let args = graph.args(of: node).map { "\(named($0))" }
      let kwargs = graph.kwargs(of: node).map { "\($0.name)=\(named($0.value))" }
      parts.append("(\((args + kwargs).joined(separator: ", ")))")
    }
    if fields.contains(where: { $0 != .args && $0 != .kwargs }),
      let value = program.value(of: node, in: path),
      var text = program.shapes.shortText(of: value)
    {
      if fields.contains(.strides), case .tensor(let tensor) = value {
        text += " strides \(program.shapes.shortText(of: tensor.strides))"
      }
      parts.append(text)
    }
    return parts.joined(separator: " ")
  }
}

extension Graph {
  /// An order of graphs by their nodes, which does not depend on which of them is given first.
  func precedes(_ other: Graph) -> Bool {
    if nodeCount != other.nodeCount { return nodeCount < other.nodeCount }
    for (x, y) in zip(nodes, other.nodes) {
      let (mine, others) = (target(of: x).text, other.target(of: y).text)
      if mine != others { return mine < others }
      let (name, otherName) = (self.name(of: x), other.name(of: y))
      if name != otherName { return name < otherName }
    }
    return false
  }
}
