import ATenOperators
import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import Testing

@testable import ProgramCosts

/// Formulas against counts at sizes.
@Suite struct FormulaTests {
  /// The peak's formula is the largest of the nodes' counts at every sizes, so no point was dropped that can exceed it;
  /// the sum of the nodes' operations is that of the program.
  @Test(arguments: Sample.names) func thePeakIsTheLargestCount(_ name: String) throws {
    let costs = try Sample.costs(name)
    var generator = SplitMix(seed: 7)
    for _ in 0..<12 {
      var sizes = CostAssignment(completing: CostAssignment(), costs.shapes)
      for entry in sizes.entries {
        guard case .int(let range)? = costs.shapes.range(of: entry.symbol) else { continue }
        let upper = Swift.min(range.upper, Swift.max(range.lower, 0) + 40)
        sizes.set(entry.symbol, to: Int.random(in: Swift.max(range.lower, 0)...upper, using: &generator))
      }
      guard let peak = costs.peakNode(at: sizes) else { continue }
      guard isPossible(sizes, costs) else { continue }
      #expect(costs.value(of: costs.peak.formula, at: sizes) == .known(peak.bytes), "\(sizes.entries)")
      let flops = costs.nodes.compactMap { costs.value(of: $0.flops, at: sizes).number }.reduce(0, +)
      #expect(costs.value(of: costs.flops, at: sizes) == .known(flops))
    }
  }

  /// Whether no guard and no assert forbids the sizes.
  private func isPossible(_ sizes: CostAssignment, _ costs: ProgramCosts) -> Bool {
    let shapes = costs.shapes
    let conditions = shapes.guards.map(\.expression) + shapes.runtimeAsserts.map(\.assert.expression)
    return conditions.allSatisfy { condition in
      let condition = shapes.resolve(condition)
      return shapes.arena.evaluate(condition) { sizes[$0].map { .int($0) } } == .bool(true)
    }
  }

  /// Programs without data-dependent sizes, run again with numbers for sizes: every node has what its formula says.
  ///
  /// `COSTED_ARCHIVES=FOLDER` tries the archives of a folder.
  @Test(arguments: Sample.chosen) func numbersGiveWhatTheFormulasSay(_ path: String) throws {
    let costs = ProgramCosts(try FakeProgram(ExportedProgram(path: path)), table: .aten)
    // A recorded value is one of symbols, not of numbers.
    guard costs.error == nil, costs.result.trusted.isEmpty, !hasUnbackedSizes(costs) else { return }
    var generator = SplitMix(seed: 11)
    for sizes in [costs.example] + (0..<3).map({ _ in near(costs, &generator) })
    where isPossible(sizes, costs) {
      try compare(costs, path, at: sizes)
    }
  }

  private func hasUnbackedSizes(_ costs: ProgramCosts) -> Bool {
    costs.shapes.symbols.contains { costs.shapes.arena.hasUnbacked(costs.shapes.arena.handle(of: $0)) }
  }

  /// Random sizes of at most three more than the example's, within the ranges.
  private func near(_ costs: ProgramCosts, _ generator: inout SplitMix) -> CostAssignment {
    var sizes = costs.example
    for entry in sizes.entries {
      guard case .int(let range)? = costs.shapes.range(of: entry.symbol) else { continue }
      let value = entry.value + Int.random(in: -1...3, using: &generator)
      sizes.set(entry.symbol, to: Swift.min(Swift.max(value, range.lower), range.upper))
    }
    return sizes
  }

  private func compare(_ costs: ProgramCosts, _ path: String, at sizes: CostAssignment) throws {
    let concrete = try FakeProgram(ExportedProgram(path: path))
    let inputs = concrete.inputs.map { value in
      value.mapLeaves { leaf in
        switch leaf {
        case .tensor(let tensor): return .tensor(concreteCopy(of: tensor, sizes, concrete))
        case .symInt(let number):
          return .symInt(sizes.substituted(concrete.shapes.resolve(number), concrete.shapes))
        default: return leaf
        }
      }
    }
    let counted = ProgramCosts(concrete, table: .aten, inputs: inputs)
    let place = "\(path.split(separator: "/").last ?? "") at \(sizes.entries.map(\.value))"
    #expect(counted.error == nil, "\(place): \(counted.error.map { "\($0)" } ?? "")")
    guard counted.error == nil else { return }
    #expect(counted.nodes.count == costs.nodes.count)
    for (symbolic, number) in zip(costs.nodes, counted.nodes) {
      let node = "\(place): \(costs.graph.name(of: symbolic.node))"
      #expect(costs.value(of: symbolic.live, at: sizes).number == number.live.constant, "\(node)")
      #expect(costs.value(of: symbolic.flops, at: sizes).number == number.flops.constant, "\(node)")
    }
  }

  private func concreteCopy(
    of tensor: FakeTensor, _ sizes: CostAssignment, _ program: FakeProgram
  ) -> FakeTensor {
    func numbers(_ values: Sizes) -> Sizes {
      Sizes(values.map { sizes.substituted(program.shapes.resolve($0), program.shapes) })
    }
    return program.mode.tensor(
      numbers(tensor.sizes), strides: numbers(tensor.strides), dtype: tensor.dtype, device: tensor.device)
  }
}

/// Numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
