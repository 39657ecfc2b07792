import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary
import Testing

/// Custom operators: errors in a schema are reported when it is added, errors in a rule at the call.
@Suite struct UserRulesTests {
  private struct OwnError: Error {}

  /// Types that `torch.library.define` of PyTorch 2.13 refuses.
  @Test(arguments: [
    "(Tensr x) -> Tensor", "(tensor x) -> tensor", "(Foo[] x) -> Tensor", "(Dimname? x) -> Tensor",
    "(t x) -> Tensor", "(Float x) -> Tensor", "(Tensor x) -> (Tensor, Tensro)",
  ])
  func unknownTypesAreRefused(_ signature: String) {
    var table = OperatorTable()
    #expect(throws: SchemaError.self) { try table.add(schema: "mylib::f\(signature)") { _ in .none } }
    #expect(throws: SchemaError.self) {
      try table.add(OperatorRow("mylib.f", schema: "mylib::f\(signature)") { _ in .none })
    }
    #expect(table.names.isEmpty)
  }

  /// Types that `torch.library.define` of PyTorch 2.13 accepts.
  @Test(arguments: [
    "(Tensor x) -> Any", "(QScheme x) -> Tensor", "(AnyEnumType x) -> Tensor", "(str x) -> None",
    "(Tensor x) -> SymBool", "(__torch__.torch.classes.foo.Bar x) -> Tensor",
  ])
  func knownTypesAreTaken(_ signature: String) throws {
    var table = OperatorTable()
    try table.add(schema: "mylib::f\(signature)") { _ in .none }
    #expect(table.names == ["mylib.f.default"])
  }

  @Test func theErrorSaysWhereTheTypeStands() {
    var table = OperatorTable()
    do throws(SchemaError) {
      try table.add(schema: "mylib::f(Tensor x, Tensr y) -> Tensor") { _ in .none }
      Issue.record("the type was taken")
    } catch {
      #expect(error.reason == "unknown type 'Tensr'")
      #expect(error.offset == "mylib::f(Tensor x, ".utf8.count)
      #expect(error.text == "mylib::f(Tensor x, Tensr y) -> Tensor")
    }
  }

  @Test func anUnreadableSchemaOfARowIsRefused() {
    var table = OperatorTable()
    #expect(throws: SchemaError.self) {
      try table.add(OperatorRow("mylib.f", schema: "mylib::f(Tensor x -> Tensor") { _ in .none })
    }
    #expect(throws: SchemaError.self) {
      try OperatorTable([[OperatorRow("mylib.f", schema: "mylib::f(") { _ in .none }]])
    }
  }

  private func run(_ returns: String, _ rule: @escaping OperatorRule) throws -> FakeValue {
    var table = OperatorTable()
    try table.add(schema: "mylib::f(Tensor x) -> \(returns)", rule: rule)
    let name = try #require(OperatorName("mylib.f.default"))
    let resolved = try #require(table.resolve(name))
    let mode = FakeTensorMode()
    return try resolved.apply(resolved.call([.tensor(mode.tensor([2]))], in: mode))
  }

  private func expectWrongResult(
    _ returns: String, _ rule: @escaping OperatorRule, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      let result = try run(returns, rule)
      Issue.record("\(result) was taken for \(returns)", sourceLocation: sourceLocation)
    } catch let error as OperatorError {
      #expect(error.operator == "mylib.f.default", sourceLocation: sourceLocation)
      guard case .wrongResult = error.kind else {
        Issue.record("\(error)", sourceLocation: sourceLocation)
        return
      }
    } catch { Issue.record("\(error)", sourceLocation: sourceLocation) }
  }

  @Test func resultsThatDoNotFitAreRefused() {
    expectWrongResult("Tensor") { _ in .int(3) }
    expectWrongResult("Tensor") { _ in .none }
    expectWrongResult("Tensor") { .list([$0[0]]) }
    expectWrongResult("(Tensor, Tensor)") { $0[0] }
    expectWrongResult("(Tensor, Tensor)") { .tuple([$0[0]]) }
    expectWrongResult("(Tensor, int)") { .tuple([$0[0], $0[0]]) }
    expectWrongResult("Tensor[]") { .list([$0[0], .none]) }
    expectWrongResult("()") { $0[0] }
    expectWrongResult("bool") { _ in .int(1) }
    expectWrongResult("int") { _ in .float(1) }
    expectWrongResult("str?") { _ in .bool(true) }
  }

  @Test func tensorsThatCannotBeAreRefused() {
    expectWrongResult("Tensor") { .tensor($0.mode.tensor([2, -1])) }
    expectWrongResult("Tensor") { .tensor($0.mode.tensor([2, 3], strides: [1])) }
    expectWrongResult("Tensor[]") { .list([$0[0], .tensor($0.mode.tensor([-2]))]) }
    expectWrongResult("Tensor") { _ in .tensor(FakeTensorMode().tensor([2])) }
  }

  @Test func resultsThatFitAreTaken() throws {
    _ = try run("Tensor") { $0[0] }
    _ = try run("Tensor?") { _ in .none }
    _ = try run("()") { _ in .none }
    _ = try run("(Tensor, int, float)") { .tuple([$0[0], .int(1), .float(2)]) }
    _ = try run("Tensor[]") { .list([$0[0], $0[0]]) }
    _ = try run("SymInt[]") { _ in .sizes([1, 2]) }
    _ = try run("Scalar") { _ in .bool(true) }
    _ = try run("Any") { _ in .opaque("thing") }
    _ = try run("int") { .symInt($0.shapes.createUnbackedInt()) }
  }

  @Test func whatARuleThrowsNamesTheOperator() throws {
    do {
      _ = try run("Tensor") { _ in throw OwnError() }
      Issue.record("nothing was thrown")
    } catch let error as OperatorError {
      guard case .ruleFailed(let cause) = error.kind else { throw error }
      #expect(cause is OwnError)
      #expect(error.operator == "mylib.f.default")
      #expect(error.arguments.map(\.value) == ["f32[2]"])
    }
  }

  @Test func aQuestionThatOnlyARunAnswersIsSuchAnError() throws {
    do {
      _ = try run("Tensor") { call in
        let size = call.shapes.createUnbackedInt()
        _ = try call.shapes.evaluate(call.shapes.eq(size, 3))
        return call[0]
      }
      Issue.record("nothing was thrown")
    } catch let error as OperatorError {
      guard case .dataDependent = error.kind else { throw error }
    }
  }

  @Test func anOutOverloadWantsAsManyTensorsAsItWrites() throws {
    var table = OperatorTable()
    try table.add(schema: "mylib::g(Tensor x) -> (Tensor, Tensor)") { .tuple([$0[0], $0[0]]) }
    try table.add(schema: "mylib::g.out(Tensor x, *, Tensor(a!) out) -> Tensor(a!)") {
      .tuple([$0[0], $0[0]])
    }
    let name = try #require(OperatorName("mylib.g.out"))
    let resolved = try #require(table.resolve(name))
    let mode = FakeTensorMode()
    let call = try resolved.call([.tensor(mode.tensor([2]))], ["out": .tensor(mode.tensor([2]))], in: mode)
    #expect(throws: OperatorError.self) { try resolved.apply(call) }
  }
}
