import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary
import Testing

/// Sizes by name, tensors in one line, and values that describe themselves.
@Suite struct ReadableFacesTests {
  @Test func aSizeIsMadeOnceAndFoundAgain() {
    let mode = FakeTensorMode()
    let n = mode.size("s0", hint: 8)
    #expect(mode.size("s0", hint: 9) == n)
    #expect(mode.shapes.hint(of: n) == 8)
    #expect(mode.size("s1") != n)
    #expect(mode.shapes.text(of: n) == "s0")
  }

  @Test func anUnbackedSizeIsASizeThatARunKnows() throws {
    let mode = FakeTensorMode()
    let u = mode.unbackedSize("u3")
    #expect(mode.unbackedSize("u3") == u)
    #expect(mode.shapes.isUnbacked(u))
    #expect(mode.shapes.staticallyKnownTrue(mode.shapes.ge(u, 0)))
    // Fresh symbols are numbered after it.
    #expect(mode.shapes.text(of: mode.shapes.createUnbackedInt()) == "u4")
  }

  @Test func valuesSayWhatTheyAre() {
    let mode = FakeTensorMode()
    let n = mode.size("s0", hint: 8)
    let x = mode.tensor([n, 4])
    #expect(x.dtype == .float32)
    #expect("\(x)" == "f32[s0, 4]")
    #expect("\(FakeValue.tensor(x))" == "f32[s0, 4]")
    let counts = mode.tensor([mode.shapes.add(n, 1)], dtype: .int64)
    #expect("\(FakeValue.list([.tensor(counts), .int(2), .none]))" == "[i64[s0 + 1], 2, None]")
    #expect("\(FakeValue.tuple([.bool(true), .string("mean")]))" == "(True, 'mean')")
    #expect("\(Sizes([2, 3]))" == "[2, 3]")
  }

  @Test(arguments: ["aten.add.Tensor", "aten.mm.default", "aten.cat.default"])
  func tensorsOfAnotherModeAreRefused(_ operatorName: String) throws {
    let (mode, other) = (FakeTensorMode(), FakeTensorMode())
    // Both have the storage with the number 0.
    let (own, foreign) = (mode.tensor([2, 2]), other.tensor([2, 2]))
    let name = try #require(OperatorName(operatorName))
    var table = OperatorTable()
    let rule: OperatorRule = { $0[0].tensor.map { .tensor($0) } ?? .tensor($0.mode.tensor([4, 2])) }
    try table.add(OperatorRow(name.base, rule))
    let resolved = try #require(table.resolve(name))
    for isList in [name.base == "cat"] {
      let pair: [FakeValue] = [.tensor(own), .tensor(foreign)]
      let call = try resolved.call(isList ? [.list(pair)] : pair, in: mode)
      do {
        _ = try resolved.apply(call)
        Issue.record("a foreign tensor was taken")
      } catch let error as OperatorError {
        guard case .foreignTensor = error.kind else { throw error }
      }
    }
    #expect(mode.owns(own))
    #expect(!mode.owns(foreign))
  }
}
