import SwiftFX
import Testing

/// Binding symbols in every kind of value, along every kind of path.
@Suite struct BindingsTests {
  private let mode = FakeTensorMode()
  private var shapes: ShapeEnv { mode.shapes }

  private func path(_ value: FakeValue) throws -> [[BindingKey]] {
    try shapes.computeUnbackedBindings(of: value).map(\.path)
  }

  /// A symbol known to the graph, `u100`.
  private func known() throws -> SymExpr.Symbol {
    let known = shapes.declare(
      "u100", [.integer, .unbacked], kind: .unbackedInt, range: .int(.unbounded), hint: nil)
    let symbol = shapes.arena.asSymbol(known)
    return try #require(symbol)
  }

  @Test func inSizes() throws {
    let u = shapes.createUnbackedInt()
    #expect(try path(.tensor(mode.tensor([3, u], dtype: .float32))) == [[.callMethod(.size), .sequence(1)]])
  }

  @Test func inStrides() throws {
    let u = shapes.createUnbackedInt()
    let tensor = mode.tensor([3, 4], strides: [u, 1], dtype: .float32)
    #expect(try path(.tensor(tensor)) == [[.callMethod(.stride), .sequence(0)]])
  }

  @Test func inStorageOffsets() throws {
    let u = shapes.createUnbackedInt()
    let tensor = mode.tensor([3], dtype: .float32)
    tensor.storageOffset = u
    #expect(try path(.tensor(tensor)) == [[.callMethod(.storageOffset)]])
  }

  @Test func inTuplesListsAndDictionaries() throws {
    let (a, b, c) = (shapes.createUnbackedInt(), shapes.createUnbackedInt(), shapes.createUnbackedInt())
    let value = FakeValue.tuple([
      .list([.none, .symInt(a)]), .dictionary([("k", .symInt(b))]), .tensor(mode.tensor([c], dtype: .int64)),
    ])
    #expect(
      try path(value) == [
        [.sequence(0), .sequence(1)], [.sequence(1), .mapping("k")],
        [.sequence(2), .callMethod(.size), .sequence(0)],
      ])
  }

  @Test func behindAKnownFactor() throws {
    let u = shapes.createUnbackedInt()
    let tensor = mode.tensor([shapes.mul(4, u)], dtype: .float32)
    #expect(try path(.tensor(tensor)) == [[.callMethod(.size), .sequence(0), .divideBy(4)]])
  }

  @Test func behindABool() throws {
    let truth = shapes.createUnbackedBool()
    #expect(try path(.symBool(truth)) == [[.convertInt]])
  }

  @Test func asFloats() throws {
    let value = shapes.createUnbackedFloat()
    #expect(try path(.symFloat(value)) == [[]])
  }

  @Test func aSymbolThatIsNotFoundIsAnError() {
    _ = shapes.createUnbackedInt()
    let error = #expect(throws: SymbolicShapeError.self) {
      try shapes.computeUnbackedBindings(of: .tensor(mode.tensor([3], dtype: .float32)))
    }
    #expect(error?.kind == .pendingUnbackedNotFound)
  }

  @Test(arguments: [
    [BindingKey.callMethod(.size), .sequence(1)], [.callMethod(.size), .sequence(0), .divideBy(4)],
    [.callMethod(.stride), .sequence(0)], [.callMethod(.storageOffset)],
  ])
  func rebindsTheValueAtTheBinding(_ path: [BindingKey]) throws {
    let symbol = try known()
    let fresh = shapes.createUnbackedInt()
    let other: SymInt = 12
    let tensor = mode.tensor([other, other], strides: [other, 1], dtype: .float32)
    switch path[0] {
    case .callMethod(.size): tensor.sizes = path.count == 3 ? [shapes.mul(4, fresh), 1] : [1, fresh]
    case .callMethod(.stride): tensor.strides = [fresh, 1]
    default: tensor.storageOffset = fresh
    }
    let renamings = try shapes.rebindUnbacked(
      [UnbackedBinding(symbol: symbol, path: path)], in: .tensor(tensor))
    #expect(renamings.map(\.to) == [symbol])
    #expect(shapes.text(of: fresh) == "u100")
  }

  @Test func aSymbolThatBecameAConstantIsKnown() throws {
    let symbol = try known()
    let binding = UnbackedBinding(symbol: symbol, path: [.callMethod(.size), .sequence(0)])
    let renamings = try shapes.rebindUnbacked([binding], in: .tensor(mode.tensor([5], dtype: .float32)))
    #expect(renamings.isEmpty)
    #expect(shapes.text(of: shapes.find(symbol)) == "5")
  }

  @Test func aPathThatDoesNotExistIsAnError() throws {
    let symbol = try known()
    let error = #expect(throws: SymbolicShapeError.self) {
      try shapes.rebindUnbacked([UnbackedBinding(symbol: symbol, path: [.mapping("k")])], in: .none)
    }
    #expect(error?.kind == .bindingPathNotFound)
  }
}
