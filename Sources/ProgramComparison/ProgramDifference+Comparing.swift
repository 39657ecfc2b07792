public import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

extension ProgramDifference {
  /// Compares two programs.
  ///
  /// - Parameters:
  ///   - a: the program that is compared.
  ///   - b: the program that it is compared with.
  ///   - comparesAcceptedSizes: whether to compare what they require of sizes, and to look for sizes that only one of
  ///     them takes, which propagates both a few dozen times.
  ///   - costs: whether to compare memory and operations, which propagates both once.
  /// - Throws: ``PropagationError`` or ``ArchiveError`` when an expression or a list of weights cannot be read.
  public init(
    _ a: ExportedProgram, _ b: ExportedProgram, comparesAcceptedSizes: Bool = true,
    costs: ComparedCosts = .never
  ) throws {
    let (a, b) = (try ComparedProgram(a), try ComparedProgram(b))
    let state = StateComparison(a, b)
    let inputs = InputMatching(a, b)
    self.state = StateDifference(
      changed: state.changed, kindChanged: state.kindChanged, removed: state.removed, added: state.added,
      renamed: state.renamed.map { Pair(a: $0.a, b: $0.b) })
    renamedInputs = inputs.renamed
    nodes.moved = inputs.moved
    reordersInputs = !inputs.moved.isEmpty

    var comparison = GraphComparison(a, b)
    comparison.compare("", "", inputs: state.pairs + inputs.pairs)
    nodes.removed = comparison.removed
    nodes.added = comparison.added
    nodes.changed = comparison.changed
    nodes.renamed = comparison.renamed
    symbols = comparison.symbols.names.map { Pair(a: $0.a, b: $0.b) }
    (removedAsserts, addedAsserts) = comparison.asserts
    ranges = Self.ranges(a.exported, b.exported, symbols)
    let signature = SignatureComparison(a.exported, b.exported, names: self.state.renamed + inputs.renamed)
    (nesting, outputs) = (signature.nesting, signature.outputs)
    isCutShort = a.shapes.hasSpentAnyBudget || b.shapes.hasSpentAnyBudget
    if comparesAcceptedSizes {
      let sizes = AcceptedSizes(
        a, b, inputs.pairs,
        areOneProgram: hasSameCalls && hasSameFacts && a.shapes.profile == b.shapes.profile)
      isCutShort = isCutShort || sizes.isCutShort
      (accepted, removedGuards, addedGuards) = (sizes.difference, sizes.removedGuards, sizes.addedGuards)
    }
    if costs == .always || costs == .ofDifferentGraphs && !(hasSameGraph && nodes.changed.isEmpty) {
      let comparison = try CostComparison(a.exported, b.exported, symbols)
      (self.costs, costsReason) = (comparison.differences, comparison.reason)
    }
  }

  /// When costs are compared.
  ///
  /// The order of nodes counts for memory and for nothing else: two programs that are equal may differ in it.
  public enum ComparedCosts: Sendable {
    case never
    /// When an operator, an argument, a weight or a recorded value differs.
    case ofDifferentGraphs
    case always
  }

  private static func ranges(
    _ a: ExportedProgram, _ b: ExportedProgram, _ symbols: [Pair]
  ) -> [RangeDifference] {
    func bounds(_ name: String, _ program: ExportedProgram) -> Bounds {
      let constraint = program.rangeConstraints.first { $0.text == name }
      return Bounds(lower: constraint?.lower, upper: constraint?.upper)
    }
    let ofSymbols = symbols.compactMap { symbol in
      let (x, y) = (bounds(symbol.a, a), bounds(symbol.b, b))
      return x == y ? nil : RangeDifference(symbol: symbol.a, a: x, b: y)
    }
    // Ranges of expressions, such as `2*s0`, where both programs state one.
    let names = symbols.namesInB
    let ofExpressions = a.rangeConstraints.compactMap { constraint -> RangeDifference? in
      let text = constraint.text.replacingWords { names[$0] }
      guard names[constraint.text] == nil, let other = b.rangeConstraints.first(where: { $0.text == text })
      else { return nil }
      let (x, y) = (bounds(constraint.text, a), Bounds(lower: other.lower, upper: other.upper))
      return x == y ? nil : RangeDifference(symbol: constraint.text, a: x, b: y)
    }
    return ofSymbols + ofExpressions
  }
}

/// Which inputs of two programs a caller gives for the same thing: by name, and what is left by position.
struct InputMatching {
  private(set) var pairs: [(Node, Node)] = []
  private(set) var renamed: [ProgramDifference.Pair] = []
  private(set) var moved: [ProgramDifference.Pair] = []

  init(_ a: ComparedProgram, _ b: ComparedProgram) {
    let (mine, others) = (a.userInputs, b.userInputs)
    var left: [Int] = []
    var taken: Set<Int> = []
    var places: [(Int, Int)] = []
    for (position, input) in mine.enumerated() {
      if let place = others.firstIndex(where: { $0.name == input.name }) {
        places.append((position, place))
        taken.insert(place)
      } else {
        left.append(position)
      }
    }
    let rest = others.indices.filter { !taken.contains($0) }
    for (position, place) in zip(left, rest) {
      places.append((position, place))
      renamed.append(.init(a: mine[position].name, b: others[place].name))
    }
    places.sort { $0.0 < $1.0 }
    pairs = places.map { (mine[$0.0].node, others[$0.1].node) }
    // Inputs that were added or removed before one do not move it.
    let order = places.map(\.1)
    for (place, sorted) in zip(places, order.sorted()) where place.1 != sorted {
      moved.append(.init(a: mine[place.0].name, b: others[place.1].name))
    }
  }
}
