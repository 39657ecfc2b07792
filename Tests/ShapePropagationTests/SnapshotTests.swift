import SwiftFX
import Testing

/// A snapshot is independent data that tasks may share.
@Suite struct SnapshotTests {
  @Test func sizesAreEvaluatedInParallel() async {
    let program = TestProgram()
    let context = program.context
    let snapshot = context.snapshot(of: context.propagate(program.inputs))
    #expect(snapshot.failure == nil)
    let node = program.rows
    let counts = await withTaskGroup(of: (Int, Int?).self) { group in
      for rows in 0..<64 {
        group.addTask { (rows, snapshot.elementCount(of: node, at: ["u0": rows])) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(counts.count == 64)
    for (rows, count) in counts { #expect(count == 4 * rows) }
  }

  @Test func outlivesItsProgram() throws {
    var snapshot: PropagationSnapshot?
    var rows: Node?
    do {
      let program = TestProgram()
      let context = program.context
      snapshot = context.snapshot(of: context.propagate(program.inputs))
      rows = program.rows
    }
    let known = try #require(snapshot)
    guard case .tensor(let tensor)? = known[try #require(rows)] else {
      Issue.record("the node has no tensor")
      return
    }
    #expect(tensor.sizes.map { known.text(of: $0) } == ["u0", "4"])
    #expect(tensor.strides.map { known.text(of: $0) } == ["4", "1"])
    #expect(known.sizes(of: try #require(rows), at: [:]) == nil)
    #expect(known.symbols.map(\.name) == ["s0", "u0"])
  }
}
