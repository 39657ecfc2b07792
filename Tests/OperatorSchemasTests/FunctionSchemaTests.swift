import OperatorSchemas
import TensorVocabulary
import Testing

@Suite struct FunctionSchemaTests {
  @Test func readsACustomSchema() throws {
    let schema = try FunctionSchema("mylib::op(Tensor x, float t=0.5) -> (Tensor, Tensor)")
    #expect(schema.name.description == "mylib.op.default")
    #expect(schema.arguments.map(\.name) == ["x", "t"])
    #expect(schema.arguments.map(\.type) == [.tensor, .float])
    #expect(schema.arguments[0].defaultValue == nil)
    #expect(schema.arguments[1].defaultValue == .float(0.5))
    #expect(schema.returns.map(\.type) == [.tensor, .tensor])
    #expect(schema.numberOfReturns == 2)
    #expect(schema.position(of: "t") == 1)
    #expect(schema.position(of: "u") == nil)
  }

  /// Schemas that print as they were written.
  @Test(arguments: [
    "a::b() -> ()",
    "a::b(...) -> ...",
    "a::b(Tensor x, ...) -> Tensor",
    "a::b(*, bool flag) -> (Tensor out, Tensor(a!)? b)",
    "a::b.c(Tensor(a -> *) self, SymInt[1]? size=None) -> Tensor(a)[]",
    "a::b(Tensor(a! -> a|b) x, t[](b!) list, Dict(str, t)(c!) d) -> (t(*) y, t)",
    "a::b((int, Tensor)[] pairs, Future(t) f, __torch__.torch.classes.rnn.Cell cell) -> ((int, int))",
    "a::b(Tensor?[] indices, Tensor[][] nested, Any any) -> Tensor name",
    "a::b(str s=\"a\\\"\\\\\\n\", int[2] p=[0, 1], int[2] q=1, SymInt[2] r=[1, 1], float[] f=[0., 1.5], bool[2] m=[True, False]) -> int",
    "a::b(str[] s=[\"x\", \"y\"], int[] e=[], Device d=cuda:0, float x=inf) -> SymInt",
  ])
  func printsWhatItRead(_ text: String) throws {
    #expect(try FunctionSchema(text).description == text)
  }

  @Test(arguments: [
    ("int x=-1", DefaultValue.int(-1)),
    ("int x=Mean", .int(1)),
    ("float x=1", .float(1)),
    ("float x=1.", .float(1)),
    ("float x=9.9999999999999995e-07", .float(1e-6)),
    ("Scalar x=1", .int(1)),
    ("Scalar x=1.", .float(1)),
    ("Scalar? x=None", .none),
    ("int[2] x=1", .intList([1, 1])),
    ("int[2]? x=[1, 1]", .intList([1, 1])),
    ("SymInt[] x=[]", .emptyList),
    ("float[] x=[1, 2.]", .floatList([1, 2])),
    ("ScalarType x=4", .dtype(.int64)),
    ("ScalarType? x=float", .dtype(.float32)),
    ("ScalarType? x=long", .dtype(.int64)),
    ("MemoryFormat? x=0", .memoryFormat(.contiguous)),
    ("MemoryFormat x=contiguous_format", .memoryFormat(.contiguous)),
    ("Layout x=strided", .layout(.strided)),
    ("Device x=\"cpu\"", .device(.cpu)),
    ("Device? x=None", .none),
    ("bool x=False", .bool(false)),
    ("str x='mean'", .string("mean")),
  ])
  func readsDefaultsByTheirType(_ argument: String, _ value: DefaultValue) throws {
    let schema = try FunctionSchema("a::b(\(argument)) -> ()")
    #expect(schema.arguments[0].defaultValue == value)
  }

  @Test(
    arguments: [
      ("aten.add_.Tensor", [.isMutable, .isInplace]),
      ("aten.__iand__.Tensor", [.isMutable, .isInplace]),
      ("aten._foreach_add_.List", [.isMutable, .isInplace]),
      ("aten.add.out", [.isMutable, .isOut]),
      ("aten._foreach_add.List_out", [.isMutable, .isOut]),
      ("aten.view.default", [.isView]),
      ("aten.split.Tensor", [.isView, .returnsList]),
      ("aten.unbind.int", [.isView, .returnsList]),
      ("aten.mm.default", []),
      ("aten._foreach_add.List", [.returnsList]),
      ("aten.rrelu_with_noise.default", [.isMutable]),
    ] as [(String, SchemaFacts)])
  func derivesWhatAnOperatorDoes(_ text: String, _ expected: SchemaFacts) throws {
    let name = try #require(OperatorName(text))
    let schema = try #require(SchemaTable.schema(for: name))
    var facts: SchemaFacts = []
    if schema.isMutable { facts.insert(.isMutable) }
    if schema.isInplace { facts.insert(.isInplace) }
    if schema.isOut { facts.insert(.isOut) }
    if schema.isView { facts.insert(.isView) }
    if schema.returnsList { facts.insert(.returnsList) }
    #expect(facts == expected)
  }

  @Test func findsOutArguments() throws {
    let schema = try FunctionSchema(
      "a::b(Tensor x, *, Tensor(a!) o, Tensor(b!) p) -> (Tensor(a!), Tensor(b!))")
    #expect(schema.outArguments == [1, 2])
    #expect(schema.arguments[1].aliasSet == ["a"])
    #expect(schema.returns[1].aliasSet == ["b"])
    #expect(schema.returns[1].isMutated)
    #expect(!schema.arguments[0].isKeywordOnly && schema.arguments[2].isKeywordOnly)
  }

  @Test func exposesTheStructureOfTypes() throws {
    let type = try FunctionSchema("a::b(SymInt[2]? x) -> ()").arguments[0].type
    #expect(type == .optional(.list(.symInt, size: 2)))
    #expect(type.isOptional)
    #expect(type.nonOptional == .list(.symInt, size: 2))
    #expect(type.element == .symInt)
    #expect(!type.holdsTensors)
    #expect(ArgumentType.list(.optional(.tensor), size: nil).holdsTensors)
  }
}

/// What a schema states about an operator.
struct SchemaFacts: OptionSet {
  var rawValue: Int
  static let isMutable = SchemaFacts(rawValue: 1)
  static let isInplace = SchemaFacts(rawValue: 2)
  static let isOut = SchemaFacts(rawValue: 4)
  static let isView = SchemaFacts(rawValue: 8)
  static let returnsList = SchemaFacts(rawValue: 16)
}
