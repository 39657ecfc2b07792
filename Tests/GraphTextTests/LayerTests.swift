import ATenOperators
import ExportedPrograms
import FX
import FakeTensors
import GraphText
import ShapePropagation
import SymbolicShapes
import Testing

/// Layers of `torch.nn` that a text shows above its code.
@Suite struct LayerTests {
  /// Shapes recorded from PyTorch 2.13 (`FakeTensorProp` over `symbolic_trace`).
  @Test func layersMakeTheirCalls() throws {
    let text = """
      Net(
        (conv): Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)
        (body): Sequential(
          (0): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
          (1): ReLU(inplace=True)
          (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
        )
        (flat): Flatten(start_dim=1, end_dim=-1)
        (fc): Linear(in_features=128, out_features=10, bias=True)
      )



      def forward(self, x):
          conv = self.conv(x);  x = None
          body_0 = getattr(self.body, "0")(conv);  conv = None
          body_1 = getattr(self.body, "1")(body_0);  body_0 = None
          body_2 = getattr(self.body, "2")(body_1);  body_1 = None
          flat = self.flat(body_2);  body_2 = None
          fc = self.fc(flat);  flat = None
          return fc
      """
    let document = try GraphDocument(
      bytes: Array(text.utf8), inputs: InputAnnotations("x: f32[s0, 3, 16, 16]"))
    let program = try #require(document.programs.first)
    let (fake, _) = try FakeProgram.withExampleSizes(program.exported, table: .aten)
    let result = fake.context(table: .aten).propagate(fake.inputs)
    #expect(result.error == nil)
    let graph = program.exported.graphModule.graph
    let shapes = graph.nodes.compactMap { node in
      result.values[node].flatMap { fake.shapes.shortText(of: $0) }.map { "\(graph.name(of: node)) \($0)" }
    }
    #expect(
      shapes.dropLast() == [
        "x f32[s0, 3, 16, 16]", "conv f32[s0, 8, 8, 8]", "body_0 f32[s0, 8, 8, 8]", "body_1 f32[s0, 8, 8, 8]",
        "body_2 f32[s0, 8, 4, 4]", "flat f32[s0, 128]", "fc f32[s0, 10]",
      ])
  }
}
