import FX

/// Which node of one graph stands for which of the other, whatever they are called and in which order they are.
///
/// 1. Inputs that the caller has paired.
/// 2. Nodes that compute the same from these, in order; if one graph has more of them, first those that are used alike.
/// 3. From pairs to their neighbours, starting at the outputs: arguments in the same place and users, first those that
///    do the same with values that are paired or open, then those with other values, then those with other literals.
///
/// What is left has no counterpart. Which of two graphs is `a` may decide between pairs that are equally good.
struct NodeMatching {
  private(set) var a: Graph
  private(set) var b: Graph
  private(set) var formsA: NodeMap<CallForm>
  private(set) var formsB: NodeMap<CallForm>
  private var classesA: NodeMap<Int>
  private var classesB: NodeMap<Int>
  /// The nodes of `b` by those of `a`.
  private(set) var toB: NodeMap<Node>
  /// The nodes of `a` by those of `b`.
  private(set) var toA: NodeMap<Node>
  private var open: [(Node, Node)] = []

  /// How alike two nodes must be to become a pair.
  private enum Likeness: CaseIterable { case call, literals, target }

  init(_ moduleA: GraphModule, _ moduleB: GraphModule, inputs: [(Node, Node)], _ classes: StructureClasses) {
    a = moduleA.graph
    b = moduleB.graph
    var givenA = NodeMap<Int>(for: a)
    var givenB = NodeMap<Int>(for: b)
    for (x, y) in inputs {
      let number = classes.unique()
      (givenA[x], givenB[y]) = (number, number)
    }
    (formsA, classesA) = classes.classify(moduleA, givenA)
    (formsB, classesB) = classes.classify(moduleB, givenB)
    toB = NodeMap(for: a)
    toA = NodeMap(for: b)
    for (x, y) in inputs { pair(x, y) }
    pairEqualNodes(classes)
    if let x = a.outputNode, let y = b.outputNode, toB[x] == nil, toA[y] == nil { pair(x, y) }
    spread()
    pairInOrder()
    spread()
    pairUnread()
  }

  /// The same pairs with the graphs exchanged.
  var turned: NodeMatching {
    var result = self
    swap(&result.a, &result.b)
    swap(&result.formsA, &result.formsB)
    swap(&result.classesA, &result.classesB)
    swap(&result.toB, &result.toA)
    return result
  }

  private mutating func pair(_ x: Node, _ y: Node) {
    toB[x] = y
    toA[y] = x
    open.append((x, y))
  }

  /// Pairs the nodes that compute the same, the first with the first.
  ///
  /// If one graph has more of them than the other, those that are used alike come first, then those with the same name.
  private mutating func pairEqualNodes(_ classes: StructureClasses) {
    var equalA: [Int: [Node]] = [:]
    var equalB: [Int: [Node]] = [:]
    var order: [Int] = []
    for node in a.nodes where toB[node] == nil {
      guard let number = classesA[node] else { continue }
      if equalA[number] == nil { order.append(number) }
      equalA[number, default: []].append(node)
    }
    for node in b.nodes where toA[node] == nil {
      if let number = classesB[node], equalA[number] != nil { equalB[number, default: []].append(node) }
    }
    var uses: (a: NodeMap<Int>, b: NodeMap<Int>)?
    for number in order {
      guard var left = equalA[number], var right = equalB[number] else { continue }
      if left.count != right.count {
        let (usesA, usesB) = uses ?? (classes.uses(in: a, formsA), classes.uses(in: b, formsB))
        uses = (usesA, usesB)
        let hasSameName = { [a, b] (x: Node, y: Node) in a.name(of: x) == b.name(of: y) }
        pair(&left, &right) { usesA[$0] == usesB[$1] && hasSameName($0, $1) }
        pair(&left, &right) { usesA[$0] == usesB[$1] }
        pair(&left, &right, hasSameName)
      }
      for (x, y) in zip(left, right) { pair(x, y) }
    }
  }

  /// Pairs and removes those that are alike, the first with the first.
  private mutating func pair(_ left: inout [Node], _ right: inout [Node], _ isAlike: (Node, Node) -> Bool) {
    guard left.count <= Self.mostInOrder, right.count <= Self.mostInOrder else { return }
    left.removeAll { x in
      guard let place = right.firstIndex(where: { isAlike(x, $0) }) else { return false }
      pair(x, right.remove(at: place))
      return true
    }
  }

  /// Pairs calls that are left and have no paired neighbours: the most that are alike and in the same order.
  private mutating func pairInOrder() {
    let left = a.nodes.filter { toB[$0] == nil && formsA[$0].map { $0.op == .callFunction } == true }
    let right = b.nodes.filter { toA[$0] == nil && formsB[$0].map { $0.op == .callFunction } == true }
    guard !left.isEmpty, !right.isEmpty, left.count <= Self.mostInOrder, right.count <= Self.mostInOrder
    else { return }
    let (names, others) = (left.map { formsA[$0] }, right.map { formsB[$0] })
    var (removed, added): (Set<Int>, Set<Int>) = ([], [])
    for change in others.difference(from: names) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    let kept = left.indices.filter { !removed.contains($0) }
    for (x, y) in zip(kept, right.indices.filter { !added.contains($0) }) { pair(left[x], right[y]) }
  }

  /// Pairs calls that are left, read the same and are read by none, such as that of `print`: the first of an operator with
  /// the first.
  private mutating func pairUnread() {
    func unread(_ graph: Graph, _ forms: NodeMap<CallForm>, _ pairs: NodeMap<Node>) -> [Node] {
      graph.nodes.filter {
        pairs[$0] == nil && graph.userCount(of: $0) == 0 && forms[$0]?.op == .callFunction
      }
    }
    var waiting = unread(b, formsB, toA)
    guard waiting.count <= Self.mostInOrder else { return }
    for node in unread(a, formsA, toB) {
      guard let form = formsA[node] else { continue }
      let place = waiting.firstIndex { other in
        guard let otherForm = formsB[other] else { return false }
        return otherForm.target == form.target && otherForm.inputs.count == form.inputs.count
          && zip(form.inputs, otherForm.inputs).allSatisfy { isSame($0, $1) }
      }
      if let place { pair(node, waiting.remove(at: place)) }
    }
  }

  /// The time to compare two orders grows with the square of what differs.
  private static let mostInOrder = 2_000

  /// Pairs neighbours of pairs until there are none that are alike.
  ///
  /// Arguments come before users: an argument has one place, users of a value may be many that are alike.
  private mutating func spread() {
    var pairs = open
    var step = 0
    while step < 2 * Likeness.allCases.count {
      open = []
      let likeness = Likeness.allCases[step / 2]
      // Outputs first: what changed in the middle is closer to them than to the inputs, which are paired already.
      for (x, y) in pairs.reversed() {
        if step.isMultiple(of: 2) { pairArguments(x, y, likeness) } else { pairUsers(x, y, likeness) }
        if step > 0, !open.isEmpty { break }
      }
      pairs += open
      step = open.isEmpty ? step + 1 : 0
    }
  }

  private mutating func pairArguments(_ x: Node, _ y: Node, _ likeness: Likeness) {
    guard let formX = formsA[x], let formY = formsB[y] else { return }
    for slot in formX.slots {
      guard let other = formY.slots.first(where: { $0.name == slot.name }),
        slot.nodes.count == other.nodes.count
      else {
        continue
      }
      for (m, n) in zip(slot.nodes, other.nodes) where isAlike(m, n, likeness) { pair(m, n) }
    }
  }

  private mutating func pairUsers(_ x: Node, _ y: Node, _ likeness: Likeness) {
    let users = b.users(of: y).filter { toA[$0] == nil }
    guard !users.isEmpty else { return }
    for m in a.users(of: x) where toB[m] == nil {
      let place = formsA[m]?.place(of: x)
      // A value that many read, such as a size, says little about who reads it.
      if likeness != .call, place?.isFirst != true { continue }
      let alike = users.filter { formsB[$0]?.place(of: y) == place && isAlike(m, $0, likeness) }
      if let n = alike.first(where: { b.name(of: $0) == a.name(of: m) }) ?? alike.first { pair(m, n) }
    }
  }

  private func isAlike(_ x: Node, _ y: Node, _ likeness: Likeness) -> Bool {
    guard toB[x] == nil, toA[y] == nil, let formX = formsA[x], let formY = formsB[y], formX.op == formY.op,
      formX.op != .placeholder, formX.target == formY.target
    else { return false }
    switch likeness {
    case .target: return formX.op != .getAttr || formX == formY
    case .literals: return formX == formY
    case .call:
      guard formX == formY else { return false }
      return zip(formX.inputs, formY.inputs).allSatisfy { isSame($0, $1) || toB[$0] == nil && toA[$1] == nil }
    }
  }

  /// Whether two values are the same: paired, or computed in the same way.
  func isSame(_ x: Node, _ y: Node) -> Bool { toB[x] == y || classesA[x] == classesB[y] }
}

extension NodeMatching {
  /// Matches in one of the two orders, B and A if `isTurned`, so that the difference of B and A mirrors that of A and B.
  static func inOneOrder(
    _ moduleA: GraphModule, _ moduleB: GraphModule, inputs: [(Node, Node)], _ classes: StructureClasses,
    isTurned: Bool
  ) -> NodeMatching {
    isTurned
      ? NodeMatching(moduleB, moduleA, inputs: inputs.map { ($0.1, $0.0) }, classes).turned
      : NodeMatching(moduleA, moduleB, inputs: inputs, classes)
  }
}

extension CallForm {
  /// Where a node is among the arguments for the first time.
  struct Place: Equatable {
    let slot: String
    let position: Int
    let isFirst: Bool
  }

  func place(of node: Node) -> Place? {
    for (number, slot) in slots.enumerated() {
      if let position = slot.nodes.firstIndex(of: node) {
        return Place(slot: slot.name, position: position, isFirst: number == 0)
      }
    }
    return nil
  }
}
