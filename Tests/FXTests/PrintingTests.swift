import FX
import Foundation
import TensorVocabulary
import Testing

/// A graph as PyTorch prints it; `Goldens/record.py` builds the same graphs there.
struct PrintingCase: Decodable, CustomTestStringConvertible {
  var name: String
  var text: String
  var tabular: String?
  var readable: String
  var testDescription: String { name }

  static func load() throws -> [PrintingCase] {
    let url = try #require(Bundle.module.url(forResource: "Goldens/printing", withExtension: "json"))
    return try JSONDecoder().decode([PrintingCase].self, from: Data(contentsOf: url))
  }

  func build() throws -> GraphModule {
    switch name {
    case "every_argument": GraphModule(everyArgument())
    case "operators": GraphModule(operators())
    case "names": GraphModule(names())
    case "traces": GraphModule(traces())
    case "empty_results": GraphModule(emptyResults())
    case "reserved": GraphModule(reserved())
    case "transformed": try Swap(GraphModule(traces())).transform().module
    case "nested": nested()
    default: throw UnknownCase()
    }
  }

  struct UnknownCase: Error {}
}

@Suite struct PrintingTests {
  @Test(arguments: try PrintingCase.load())
  func printsWhatPyTorchPrints(_ golden: PrintingCase) throws {
    let module = try golden.build()
    try module.graph.lint()
    #expect(module.graph.description == golden.text)
    if let tabular = golden.tabular { #expect(module.graph.tabular() == tabular) }
    #expect(module.readable() == golden.readable)
  }

  @Test func showsTheAnnotationsOfItsAuthor() {
    var graph = Graph()
    let relu = graph.callFunction(.relu, [.node(graph.placeholder("x"))])
    let neg = graph.callFunction(.init("torch.ops.aten.neg.default"), [.node(relu)])
    graph.output(.node(neg))
    graph.setMetadata(
      NodeMetadata([
        Named("stack_trace", "  File \"model.py\", line 14, in forward\n    return relu(x)\n"),
        Named(
          "custom",
          #"""
          {"stage": 0, "it's": "said \"so\"", "long": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ", \#
          "deep": {"list": [1, 2.50, null, true, false, -0, 1E22, 1e-7], "none": {}}, \#
          "text": "caf\u00e9\n\ud83d\ude00"}
          """#),
      ]), of: relu)
    graph.setMetadata(
      NodeMetadata([
        Named(
          "custom",
          """
          {"a": 1, "b": 2, "a": 3, "long": [1111111111, 2222222222, 3333333333, 4444444444], \
          "exact": "0123456789012345678901234567890123456789"}
          """)
      ]), of: neg)
    let text = GraphModule(graph).readable()
    // As PyTorch 2.13 prints them.
    #expect(
      text.contains(
        #"""
                # Annotation: {'stage': 0, "it's": 'said "so"', \#
        'long': 'abcdefghijklmnopqrstuvwxyz0123456789ABCD...', \#
        'deep': "{'list': [1, 2.5, None, True, False, 0, ...", 'text': 'café\n😀'} \#
        File: model.py:14 in forward, code: return relu(x)
        """#))
    #expect(
      text.contains(
        """
                # Annotation: {'a': 3, 'b': 2, 'long': '[1111111111, 2222222222, 3333333333, 444...', \
        'exact': '0123456789012345678901234567890123456789'} No stacktrace found for following nodes
        """))
  }

  @Test(arguments: [
    "", "{", "{\"a\"", "{\"a\": }", "[1]", "{\"a\": \"\\ud83d\\u\"}", "{\"a\": 1} 2", "{\"a\": +1}",
    "{\"a\": 0x1p3}",
    String(repeating: "{\"a\": ", count: 10_000),
  ])
  func annotationsThatAreNoneAreNotShown(_ custom: String) {
    var graph = Graph()
    let relu = graph.callFunction(.relu, [.node(graph.placeholder("x"))])
    graph.output(.node(relu))
    graph.setMetadata(NodeMetadata([Named("custom", custom)]), of: relu)
    #expect(!GraphModule(graph).readable().contains("Annotation"))
  }

  @Test func annotatesValues() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let relu = graph.callFunction(.relu, [.node(x)])
    graph.output(.node(relu))
    let text = GraphModule(graph).readable(annotation: { path, node in
      path.isEmpty && node == x ? "f32[s0]" : nil
    })
    #expect(
      text == """
        class GraphModule(torch.nn.Module):
            def forward(self, x: "f32[s0]"):
                # No stacktrace found for following nodes
                relu_default = torch.ops.aten.relu.default(x);  x = None
                return relu_default

        """)
  }

  @Test(arguments: [
    (1.0, "1.0"), (1e16, "1e+16"), (12_345_678_901_234_567.0, "1.2345678901234568e+16"), (1e-5, "1e-05"),
    (1e-4, "0.0001"), (-1e16, "-1e+16"), (1e22, "1e+22"), (.infinity, "inf"), (-.infinity, "-inf"),
    (9_999_999_999_999_998.0, "9999999999999998.0"), (0.1, "0.1"), (-0.0, "-0.0"), (1e100, "1e+100"),
    (123.0, "123.0"), (-123.456, "-123.456"), (0.00012345, "0.00012345"), (1.2345e-5, "1.2345e-05"),
    (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"), (0.0, "0.0"),
    (.nan, "nan"),
    (1_000_000_000_000_000.0, "1000000000000000.0"),
  ])
  func printsFloatsAsPython(_ value: Double, _ text: String) {
    var graph = Graph()
    graph.output(.float(value))
    #expect(graph.description == "graph():\n    return \(text)")
  }

  @Test(arguments: [
    (0.0, 2.0, "2j"), (1.0, 2.0, "(1+2j)"), (1.5, -0.5, "(1.5-0.5j)"), (-0.0, 1.0, "(-0+1j)"),
  ])
  func printsComplexNumbersAsPython(_ real: Double, _ imaginary: Double, _ text: String) {
    var graph = Graph()
    graph.output(.complex(real, imaginary))
    #expect(graph.description == "graph():\n    return \(text)")
  }

  @Test(arguments: [
    ("a", "'a'"), ("it's", "\"it's\""), ("'\"", "'\\'\"'"), ("a\nb\t\\", "'a\\nb\\t\\\\'"),
    ("\u{1}", "'\\x01'"),
  ])
  func quotesStringsAsPython(_ value: String, _ text: String) {
    var graph = Graph()
    graph.output(.list([.string(value)]))
    #expect(graph.description == "graph():\n    return [\(text)]")
  }
}

private final class Swap: Transformer {
  override func callFunction(
    _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
  ) throws -> PyTree<Node> {
    let isRelu = target == .relu
    return try super.callFunction(isRelu ? "torch.ops.aten.gelu.default" : target, args, kwargs)
  }
}

private func everyArgument() -> Graph {
  var g = Graph()
  let x = Node.Argument.node(g.placeholder("x"))
  g.placeholder("y", default: "hi")
  g.placeholder("*args")
  let add = Node.Argument.node(
    g.callFunction(
      .add,
      [
        x, 1e-05, "it's", .none, true, .complex(1, 2), .dtype(.float32), .device(Device(.cuda, index: 0)),
        .layout(.strided), .memoryFormat(.channelsLast), .operator(.add), .slice(.init(x, .none, 1)),
        .range(.init(0, 3)), .list([x, .tuple([x])]), .dict([DictEntry("k", x)]),
      ], kwargs: ["alpha": 2, "scale": 1e16]))
  let item = Node.Argument.node(g.callFunction(.getitem, [add, 0]))
  g.callFunction("torch.ops.higher_order.cond", [add, .list([item])])
  let size = g.callMethod("size", [x])
  let largest = Node.Argument.node(g.callFunction("torch.sym_max", [.node(size), item]))
  let ceil = Node.Argument.node(g.callFunction("math.ceil", [largest]))
  g.callFunction("_operator.iadd", [largest, ceil])
  g.callFunction("_operator.setitem", [x, 0, ceil])
  let weight = g.getAttr("w.0")
  let called = g.callModule("sub.lin", [.node(weight)], kwargs: ["scale": x])
  g.output(.tuple([add, "s", .dict([DictEntry("q", .list([.node(called)]))])]))
  return g
}

private func operators() -> Graph {
  var g = Graph()
  let x = g.placeholder("x")
  let y = g.placeholder("y")
  let a = g.callFunction("_operator.add", [.node(x), .node(y)])
  let b = g.callFunction("_operator.floordiv", [.node(a), 2])
  let c = g.callFunction("_operator.neg", [.node(b)])
  let d = g.callFunction("_operator.ge", [.node(c), 0])
  let e = g.callFunction("_operator.mod", [.node(b), .tuple([3])])
  let f = g.callFunction("_operator.and_", [.node(d), .node(e)])
  g.output(.list([.node(f)]))
  return g
}

private func names() -> Graph {
  var g = Graph()
  let wished = [
    "input", "x", "x", "x_1", "x_5", "x", "a.b", "a-b", "9lives", "", "max", "__add__", "myName", "torch",
    "_7",
    "x_05", "x_05",
  ]
  for name in wished {
    g.createNode(.callMethod, Node.Target(name.isEmpty ? "m" : name), args: [.none], name: name)
  }
  for name in ["__add__", "myName", "fooBAR", "relu", "relu", "layer.0"] { g.callMethod(name, [.none]) }
  g.output(.none)
  return g
}

private func traces() -> Graph {
  var g = Graph()
  var nodes = [g.placeholder("x")]
  for number in 0..<4 { nodes.append(g.callFunction(.relu, [.node(nodes[number])])) }
  func trace(_ line: Int) -> String { "  File \"model.py\", line \(line), in forward\n    return relu(x)\n" }
  g.setMetadata(NodeMetadata([Named("stack_trace", trace(3) + trace(14))]), of: nodes[1])
  g.setMetadata(NodeMetadata([Named("stack_trace", trace(14))]), of: nodes[2])
  g.setMetadata(NodeMetadata([Named("stack_trace", trace(15))]), of: nodes[4])
  g.output(.tuple([.node(nodes[4])]))
  return g
}

private func emptyResults() -> Graph {
  var g = Graph()
  g.placeholder("x")
  g.output(.tuple([]))
  return g
}

private func reserved() -> Graph {
  var g = Graph()
  let x = g.placeholder("input")
  _ = g.rename(x, exactly: "input")
  let y = g.createNode(.callFunction, .relu, args: [.node(x)], name: "input_1")
  g.output(.tuple([.node(y)]))
  return g
}

private func nested() -> GraphModule {
  var inner = Graph()
  let y = inner.placeholder("x")
  let sine = inner.callFunction("torch.ops.aten.sin.default", [.node(y)])
  inner.output(.tuple([.node(sine)]))
  var outer = Graph()
  let x = Node.Argument.node(outer.placeholder("x"))
  let branches = ["true_graph_0", "false_graph_0"].map { Node.Argument.node(outer.getAttr($0)) }
  let cond = outer.callFunction("torch.ops.higher_order.cond", [x] + branches + [.tuple([x])])
  outer.output(.tuple([.node(outer.callFunction(.getitem, [.node(cond), 0]))]))
  var module = GraphModule(outer)
  module.setSubmodule(GraphModule(inner), at: "true_graph_0")
  module.setSubmodule(GraphModule(inner), at: "false_graph_0")
  return module
}
