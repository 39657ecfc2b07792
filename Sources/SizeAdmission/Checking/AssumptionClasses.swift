import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

extension SizeChecker {
  /// How many sizes that break an assumption are propagated before it counts as harmless.
  private static let trials = 2

  /// Finds out which guards of propagation an operator needs, and which only chose between two ways to run.
  ///
  /// A guard such as `s77 < 16` may come from the choice of a kernel, or stand for sizes that an operator
  /// refuses; the guard itself does not say. So sizes that break it are propagated: when the guard's own node
  /// refuses them, the guard is needed.
  public func classifyAssumptions() {
    guard !isClassified else { return }
    isClassified = true
    for number in rules.constraints.indices where rules.constraints[number].force == .assumed {
      guard let condition = rules.constraints[number].condition,
        case .node(let node, _)? = rules.constraints[number].origins.first
      else { continue }
      for values in counterexamples(to: condition) {
        if case .failure(let error) = derivation.derive(values), error.node == node {
          rules.constraints[number].force = .needed
          rules.constraints[number].origins.append(.refusal(error.message))
          break
        }
      }
    }
    addSpecialSizes()
  }

  /// Demands that a symbol is not 0, or not 1, where an operator refuses that.
  ///
  /// An exporter treats both apart and derives shapes for sizes from 2 on; PyTorch runs them all the same.
  private func addSpecialSizes() {
    let shapes = rules.shapes
    for constraint in rules.constraints where constraint.force == .assumed {
      guard let condition = constraint.condition, case .range? = constraint.origins.first,
        case .relation(.ge, let size, let bound) = shapes.arena.view(of: condition),
        let symbol = shapes.arena.asSymbol(size), let lower = shapes.arena.integerValue(of: bound)
      else { continue }
      for special in [0, 1] where special < lower {
        let values = [(name: shapes.arena.name(of: symbol), value: special)]
        guard case .failure(let error) = derivation.derive(values), error.node != propagationError?.node,
          let node = error.node
        else { continue }
        rules.constraints.append(
          SizeConstraint(
            condition: shapes.arena.ne(size, shapes.arena.integer(special)), problem: nil, force: .needed,
            origins: [.node(node, source: error.sourceLine), .refusal(error.message)]))
      }
    }
  }

  /// Values of the program's symbols that break `condition` and that nothing else speaks against.
  private func counterexamples(to condition: SymExpr) -> [[(name: String, value: Int)]] {
    let space = SymbolSpace(rules, rules.parameters)
    let check = AdmissionCheck(rules, policy: .accepted)
    let start = space.symbols.map { derivation.hint(of: rules.shapes.arena.name(of: $0)) }
    let candidates =
      (2...40).map { $0 } + [48, 64, 100, 128, 200, 256, 512, 1_000, 4_096] + rules.landmarks()
    var found: [[(name: String, value: Int)]] = []
    func attempt(_ values: [Int]) {
      guard found.count < Self.trials, values.allSatisfy({ $0 >= 2 }),
        isBroken(condition, space, values), let sizes = space.sizes(values), check.check(sizes) == .admitted
      else { return }
      found.append(zip(space.symbols, values).map { (rules.shapes.arena.name(of: $0), $1) })
    }
    for first in space.symbols.indices {
      for a in candidates {
        var values = start
        values[first] = a
        attempt(values)
        for second in space.symbols.indices where second > first && found.isEmpty {
          for b in candidates.prefix(24) {
            values[second] = b
            attempt(values)
          }
          values[second] = start[second]
        }
      }
    }
    return found
  }

  private func isBroken(_ condition: SymExpr, _ space: SymbolSpace, _ values: [Int]) -> Bool {
    let truth = rules.shapes.arena.evaluate(condition) { symbol in
      space.symbols.firstIndex(of: symbol).map { .int(values[$0]) }
    }
    return truth == .bool(false)
  }
}
