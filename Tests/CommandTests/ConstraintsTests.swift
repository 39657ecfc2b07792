import Foundation
import Testing

/// `swiftfx show --constraints` as a process.
///
/// The texts for `attention.pt2` were read by PyTorch 2.13, JAX, ONNX and coremltools.
@Suite struct ConstraintsTests {
  @Test(arguments: [
    ("dim", "    'q': {0: s33, 2: s0},"),
    ("shapes-spec", "        'q': TensorSpec([s33, 2, s0, 4]),"),
    ("coreml", "shape=ct.Shape(shape=(s33, 2, s0, 4)), dtype=np.float32),"),
    ("onnx", "        dim { dim_param: \"s33\" }"),
    ("jax", "q = jax.ShapeDtypeStruct(export.symbolic_shape('s33, 2, s0, 4', scope=scope), jnp.float32)"),
    ("tensorrt", "s33_max = ...  # s33 has no upper bound: choose one"),
  ])
  func writesTheInputs(_ tool: String, _ line: String) throws {
    let result = try Command.swiftfx("show", example("attention"), "--constraints", tool)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(line), "\(result.output)")
    for name in ["q", "k", "v", "m"] { #expect(result.output.contains(name)) }
  }

  /// A named `Dim` is refused here by PyTorch 2.13 (`Constraints violated (s27)!`); with these lines it exports.
  @Test func whatADimCannotSayIsLeftToPyTorch() throws {
    let padded = try Command.swiftfx("show", fixture("reports/multiple_of_8"), "--constraints", "dim")
    #expect(padded.output.contains("    'x': {0: Dim.DYNAMIC, 1: Dim.DYNAMIC},\n"), "\(padded.output)")
    #expect(!padded.output.contains("= Dim("))
    let convolved = try Command.swiftfx("show", fixture("reports/convolutions"), "--constraints", "dim")
    #expect(convolved.output.contains("2: Dim.DYNAMIC(min=8)"), "\(convolved.output)")
  }

  /// A batch below 16 only chose a kernel: it limits nothing, but PyTorch refuses a named `Dim` for it.
  @Test func aChoiceOfKernelIsNoLimit() throws {
    let archive = fixture("reports/convolutions")
    let coreML = try Command.swiftfx("show", archive, "--constraints", "coreml").output
    #expect(coreML.contains("s31 = ct.RangeDim(lower_bound=1, upper_bound=-1, "), "\(coreML)")
    let tensorRT = try Command.swiftfx("show", archive, "--constraints", "tensorrt").output
    #expect(tensorRT.contains("s31_max = ..."), "\(tensorRT)")
    let dim = try Command.swiftfx("show", archive, "--constraints", "dim").output
    #expect(dim.contains("# s31 < 16: a choice of the convolution's kernel, not a limit\n"), "\(dim)")
  }

  /// `s16 == 8*(s16//8)` is a divisor; JAX takes equations with one term on their left, such as a remainder.
  @Test func whatFollowsIsLeftOut() throws {
    let jax = try Command.swiftfx("show", fixture("reports/convolutions"), "--constraints", "jax").output
    #expect(jax.contains("export.SymbolicScope(['s16 >= 8', 'mod(s16, 8) == 0', "), "\(jax)")
    #expect(!jax.contains("min("), "\(jax)")
  }

  /// A minimum or a maximum is a function of PyTorch.
  @Test func functionsOfPyTorchAreImported() throws {
    let archive = fixture("../../ShapePropagationTests/Goldens/conv_symbolic_kernel_213")
    let result = try Command.swiftfx("show", archive, "--constraints", "shapes-spec")
    #expect(result.output.hasPrefix("import torch\n"), "\(result.output)")
    #expect(result.output.contains("torch.sym_m"))
  }

  @Test func refusesUnknownTools() throws {
    let result = try Command.swiftfx("show", exampleArchive, "--constraints", "keras")
    #expect(result.status == 64)
    #expect(result.errors.contains("'keras' is not one of dim, shapes-spec, coreml, onnx, jax, tensorrt"))
  }

  /// What Python reads is Python.
  @Test(
    arguments: ["dim", "shapes-spec", "coreml", "jax", "tensorrt"], ["attention", "moe_routing", "tracks"])
  func isPython(_ tool: String, _ archive: String) throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else { return }
    let text = try Command.swiftfx("show", example(archive), "--constraints", tool).output
    let parsed = try Command.run(["/usr/bin/python3", "-c", "import ast, sys; ast.parse(sys.argv[1])", text])
    #expect(parsed.status == 0, "\(parsed.errors)\n\(text)")
  }
}
