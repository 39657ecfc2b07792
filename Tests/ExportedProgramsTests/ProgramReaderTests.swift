import ExportedPrograms
import FX
import TensorVocabulary
import Testing

/// What the schema allows but the archives in `Goldens` do not contain.
@Suite struct ProgramReaderTests {
  @Test(arguments: [
    ["tensor_values", "outputs", "nodes", "inputs"], ["nodes", "inputs", "outputs"],
    ["outputs", "inputs", "nodes"],
  ])
  func readsTheMembersOfAGraphInAnyOrder(_ order: [String]) throws {
    var text = ProgramText()
    text.order = order
    let graph = try text.load().graphModule.graph
    #expect(graph.nodes.map { graph.name(of: $0) } == ["x", "y", "output"])
  }

  @Test(
    arguments: [
      (#"{"as_int": -3}"#, .int(-3)), (#"{"as_ints": [1, 2]}"#, .list([1, 2])),
      (#"{"as_float": 2.5}"#, .float(2.5)),
      (#"{"as_float": "-Infinity"}"#, .float(-.infinity)), (#"{"as_bool": true}"#, .bool(true)),
      (#"{"as_string": "a\"b"}"#, .string("a\"b")), (#"{"as_none": true}"#, .none),
      (#"{"as_none": []}"#, .none),
      (#"{"as_scalar_type": 7}"#, .dtype(.float32)),
      (#"{"as_memory_format": 2}"#, .memoryFormat(.channelsLast)),
      (#"{"as_layout": 7}"#, .layout(.strided)), (#"{"as_tensors": []}"#, .list([])),
      (#"{"as_sym_int": {"as_int": 3}}"#, .int(3)), (#"{"as_sym_ints": [{"as_int": 3}]}"#, .list([3])),
      (#"{"as_sym_bool": {"as_bool": false}}"#, .bool(false)),
      (#"{"as_complex": {"real": 1, "imag": -2}}"#, .complex(1, -2)),
      (#"{"as_floats": [1, 0.5]}"#, .list([.float(1), .float(0.5)])),
      (#"{"as_bools": [true]}"#, .list([true])),
      (#"{"as_strings": ["a"]}"#, .list(["a"])),
      (#"{"as_int_lists": [[1, 2], []]}"#, .list([.tuple([1, 2]), .tuple([])])),
      (#"{"as_float_lists": [[1]]}"#, .list([.list([.float(1)])])),
      (#"{"as_string_to_argument": {"k": {"as_int": 1}}}"#, .dict([DictEntry("k", 1)])),
      (#"{"as_optional_tensors": [{"as_none": true}]}"#, .list([.none])),
      (#"{"as_optional_tensor": {"as_none": true}}"#, .none),
      (#"{"as_operator": "torch.ops.aten.add.Tensor"}"#, .operator("torch.ops.aten.add.Tensor")),
      (#"{"as_device": {"type": "cuda", "index": 1}}"#, .device(.init(.cuda, index: 1))),
      (
        #"{"as_device": {"type": "abacus", "index": null}}"#,
        .opaque(.init(tag: "as_device", text: #"{"type": "abacus", "index": null}"#))
      ),
      (#"{"as_flying_carpet": [{"x": 1}]}"#, .opaque(.init(tag: "as_flying_carpet", text: #"[{"x": 1}]"#))),
    ] as [(String, Node.Argument)])
  func readsEveryKindOfArgument(_ json: String, _ argument: Node.Argument) throws {
    var text = ProgramText()
    text.nodes = [ProgramText.node("y", "torch.ops.corpus.f.default", json)]
    let graph = try text.load().graphModule.graph
    let node = try #require(graph.node(named: "y"))
    #expect(graph.argument(0, of: node) == argument)
  }

  @Test func namesConstantInputsAfterTheSignature() throws {
    var text = ProgramText()
    text.inputs = #"[{"as_tensor": {"name": "x"}}, {"as_string": "sum"}]"#
    text.inputSpecs = #"""
      [{"user_input": {"arg": {"as_tensor": {"name": "x"}}}},
       {"constant_input": {"name": "mode", "value": {"as_string": "sum"}}}]
      """#
    let program = try text.load()
    let graph = program.graphModule.graph
    #expect(graph.nodes.map { graph.name(of: $0) } == ["x", "mode", "y", "output"])
    let mode = try #require(graph.node(named: "mode"))
    guard case .constant(.string("sum"))? = program.recordedValues[""]?.value(of: mode, in: graph) else {
      Issue.record("the constant is lost")
      return
    }
  }

  @Test func sortsInputsOfUnknownKindByTheSchema() throws {
    var text = ProgramText()
    let node = ProgramText.node("y", "torch.ops.aten.add.Tensor")
    text.nodes = [
      node.replacing(
        "\"inputs\": []",
        with: #"""
          "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "x"}}}, {"name": "other", "arg": {"as_int": 1}},
                     {"name": "alpha", "arg": {"as_int": 2}}]
          """#)
    ]
    let graph = try text.load().graphModule.graph
    let add = try #require(graph.node(named: "y"))
    #expect(graph.argumentCount(of: add) == 2)
    #expect(graph.kwargs(of: add)["alpha"] == 2)
  }

  @Test func addsGetitemNodesForResults() throws {
    var text = ProgramText()
    text.nodes = [
      ProgramText.node("y", "torch.ops.corpus.many.default", #"{"as_tensor": {"name": "x"}}"#).replacing(
        #"[{"as_tensor": {"name": "y"}}]"#,
        with: #"""
          [{"as_tensor": {"name": "a"}}, {"as_none": true}, {"as_tensors": [{"name": "y"}]},
           {"as_sym_int": {"as_name": "n"}}]
          """#)
    ]
    let graph = try text.load().graphModule.graph
    #expect(
      graph.nodes.map { graph.name(of: $0) }
        == ["x", "many_default", "a", "as_none", "getitem", "y", "n", "output"])
    try graph.lint()
  }

  @Test func keepsConstantNumbers() throws {
    var text = ProgramText()
    text.symFloats = #"{"f": {"as_float": "NaN"}, "g": {"as_expr": {"expr_str": "zuf0", "hint": null}}}"#
    text.symBools = #"{"b": {"as_bool": true}}"#
    text.symInts = #"{"i": {"as_expr": {"expr_str": "s0", "hint": {"as_int": 8}}}}"#
    let program = try text.load()
    #expect(program.expressions.ids.map { program.expressions.text(of: $0) } == ["s0", "zuf0"])
    #expect(program.expressions.ids.map { program.expressions.hint(of: $0) } == [.int(8), nil])
  }

  @Test func keepsUnknownClasses() throws {
    var text = ProgramText()
    let spec =
      #"[1, {"type": "my.Cache", "context": "7", "children_spec": [{"type": null, "context": null, "children_spec": []}]}]"#
    let quoted = spec.replacing("\"", with: "\\\"")
    text.moduleCalls =
      #"[{"fqn": "", "signature": {"inputs": [], "outputs": [], "in_spec": "\#(quoted)", "out_spec": "\#(quoted)"}}]"#
    let call = try #require(try text.load().moduleCallGraph.first?.signature)
    #expect(call.inSpec.spec == TreeSpec(.custom(type: "my.Cache", context: "7"), [.leaf]))
    #expect(call.outSpec.text == spec)
  }
}
