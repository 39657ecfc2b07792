import ATenOperators
import ExportedPrograms
import FX
import FakeTensors
import GraphText
import ShapePropagation
import SymbolicShapes
import Testing

/// Functions of `torch.nn.functional` in texts, with the values that Dynamo of PyTorch 2.13 wrote beside them.
@Suite struct FunctionTests {
  private static let calls = [
    """
    forward(self, x: "f32[5, 2, 8][8, 40, 1]cpu", w: "f32[24, 8][8, 1]cpu", b: "f32[24][1]cpu", ow: "f32[8, 8][8, 1]cpu", ob: "f32[8][1]cpu"):
            mha = torch.nn.functional.multi_head_attention_forward(x, x, x, 8, 2, w, b, None, None, False, 0.0, ow, ob, training = True, key_padding_mask = None, need_weights = True, attn_mask = None, average_attn_weights = True, is_causal = False);  x = w = b = ow = ob = None
            out: "f32[5, 2, 8][16, 8, 1]cpu" = mha[0]
            weights: "f32[2, 5, 5][25, 5, 1]cpu" = mha[1];  mha = None
            return (out, weights)
    """,
    """
    forward(self, x: "i64[2, 3][3, 1]cpu", w: "f32[5, 4][4, 1]cpu"):
            bag: "f32[2, 4][4, 1]cpu" = torch.nn.functional.embedding_bag(x, w, None, None, 2.0, False, 'mean', False, None, False, None);  x = w = None
            return (bag,)
    """,
    """
    forward(self, x: "f32[2, 3, 8, 6][144, 48, 6, 1]cpu"):
            pool: "f32[2, 3, 1, 6][18, 6, 6, 1]cpu" = torch.nn.functional.adaptive_avg_pool2d(x, (1, None));  x = None
            return (pool,)
    """,
    """
    forward(self, x: "f32[2, 4, 5, 5][100, 25, 5, 1]cpu"):
            norm: "f32[2, 4, 5, 5][100, 25, 5, 1]cpu" = torch.nn.functional.local_response_norm(x, 2, 0.0001, 0.75, 1.0);  x = None
            return (norm,)
    """,
    """
    forward(self, x: "f32[s0, 4][4, 1]cpu", eps: "f64[][]cpu"):
            item: "Sym(0.0000100000000000000)" = eps.item();  eps = None
            norm: "f32[s0, 4][4, 1]cpu" = torch.nn.functional.layer_norm(x, (4,), None, None, item);  x = item = None
            return (norm,)
    """,
  ]

  @Test(arguments: calls)
  func givesWhatPyTorchWrote(_ call: String) throws {
    let text = "class GraphModule(torch.nn.Module):\n    def \(call)"
    let program = try #require(try GraphDocument(text).programs.first)
    let (fake, _) = try FakeProgram.withExampleSizes(program.exported, table: .aten)
    let result = fake.context(table: .aten).propagate(fake.inputs)
    #expect(result.error == nil)
    let graph = fake.exported.graphModule.graph
    var compared = 0
    for node in graph.nodes {
      guard let recorded = fake.recordedValue(of: node, in: "")?.tensor,
        let found = result.values[node]?.tensor
      else { continue }
      #expect(fake.shapes.text(of: .tensor(found)) == fake.shapes.text(of: .tensor(recorded)))
      compared += 1
    }
    #expect(compared > graph.findNodes(.placeholder).count)
  }
}
