public import ExportedPrograms
public import FX
public import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// Example values for the sizes of inputs, for a program that was written without them.
///
/// PyTorch decides questions about sizes by the sizes that it was given; a printed graph shows the outcome, but not the
/// sizes. These are some for which a run gives what the text shows: so the decisions are those that PyTorch made.
struct ExampleSizes {
  private let exported: ExportedProgram
  private let table: OperatorTable
  /// The symbols without a hint, with the bounds that are stated.
  private let unknown: [RangeConstraint]

  init(_ exported: ExportedProgram, _ table: OperatorTable) {
    self.exported = exported
    self.table = table
    let hinted = Set(
      exported.expressions.ids.filter { exported.expressions.hint(of: $0) != nil }
        .map { exported.expressions.text(of: $0) })
    unknown = exported.rangeConstraints.filter { constraint in
      guard let kind = SymbolKind(symbolName: constraint.text), !hinted.contains(constraint.text) else {
        return false
      }
      return kind == .backedSize
    }
  }

  /// What sizes of inputs often are: small ones that differ, rising and falling, and larger ones.
  private static let patterns: [[Int]] = [
    [5, 7, 9, 11, 13], [224, 226, 228, 230, 232], [6, 4, 3, 8, 10], [11, 9, 7, 5, 3], [8, 4, 8, 4, 8],
    [10, 5, 20, 40, 80], [3, 4, 5, 6, 7],
    [16, 24, 32, 48, 64], [2, 3, 4, 5, 6], [4, 64, 16, 128, 256], [100, 90, 80, 70, 60],
    [33, 65, 127, 255, 511],
  ]

  /// The program with hints for which a run contradicts nothing that is recorded; the one with the fewest contradictions
  /// when there is no such.
  ///
  /// - Throws: ``PropagationError`` when an expression cannot be read.
  func program() throws -> (program: FakeProgram, sizes: [Named<Int>]) {
    guard !unknown.isEmpty else { return (try FakeProgram(exported), []) }
    var best: (program: FakeProgram, sizes: [Named<Int>], differences: Int)?
    for pattern in Self.patterns {
      let sizes = unknown.enumerated().map { index, constraint in
        Named(
          constraint.text, Self.size(pattern[index % pattern.count] + index / pattern.count, in: constraint))
      }
      var hinted = exported
      for size in sizes {
        let bytes = Array(size.name.utf8)
        _ = bytes.withUnsafeBufferPointer { hinted.expressions.intern($0, hint: .int(size.value)) }
      }
      let differences = differences(of: try FakeProgram(hinted))
      if differences < best?.differences ?? .max { best = (try FakeProgram(hinted), sizes, differences) }
      if differences == 0 { break }
    }
    guard let best else { return (try FakeProgram(exported), []) }
    return (best.program, best.sizes)
  }

  /// `size`, or the nearest that the bounds allow.
  private static func size(_ size: Int, in constraint: RangeConstraint) -> Int {
    min(max(size, constraint.lower ?? size), constraint.upper ?? .max)
  }

  /// How many recorded sizes a run does not give, counting all that it did not reach, and then how many symbols turn out
  /// to have narrower ranges than the text says.
  private func differences(of program: FakeProgram) -> Int {
    let context = program.context(table: table)
    let result = context.propagate(program.inputs, options: PropagationOptions(trustsRecorded: true))
    let graph = program.exported.graphModule.graph
    let shapes = program.shapes
    var count = result.error == nil ? 0 : 1
    for node in graph.nodes where graph.op(of: node) != .placeholder {
      guard let recorded = program.recordedValue(of: node, in: "") else { continue }
      guard let found = result.values[node] else {
        count += 1
        continue
      }
      switch (recorded, found) {
      case (.tensor(let a), .tensor(let b)):
        let isSame =
          a.rank == b.rank && zip(a.sizes, b.sizes).allSatisfy { shapes.resolve($0) == shapes.resolve($1) }
        if !isSame { count += 1 }
      case (.symInt(let a), .symInt(let b)):
        if shapes.resolve(a) != shapes.resolve(b) { count += 1 }
      default: break
      }
    }
    return 1_000 * count + narrowings(shapes)
  }

  private func narrowings(_ shapes: ShapeEnv) -> Int {
    unknown.count { constraint in
      guard let symbol = shapes.arena.symbol(named: constraint.text).flatMap({ shapes.arena.asSymbol($0) }),
        case .int(let range)? = shapes.range(of: symbol)
      else { return false }
      return range.lower != constraint.lower ?? .min || range.upper != constraint.upper ?? .max
    }
  }
}

extension FakeProgram {
  /// A program whose sizes have example values where it has none, chosen so that a run gives what is recorded.
  ///
  /// - Returns: the program, and the sizes that were chosen.
  /// - Throws: ``PropagationError`` when an expression cannot be read.
  public static func withExampleSizes(
    _ exported: ExportedProgram, table: OperatorTable
  ) throws -> (program: FakeProgram, sizes: [Named<Int>]) {
    try ExampleSizes(exported, table).program()
  }
}
