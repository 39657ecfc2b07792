import Foundation
import Testing

/// `swiftfx run`, where PyTorch is installed.
@Suite struct RunTests {
  /// Whether the command finds a library; asked once.
  private static let hasLibrary: Bool = {
    let result = try? Command.swiftfx("run", exampleArchive, "--input", "x=2x3x16")
    return result.map { !$0.errors.contains("no PyTorch library") } ?? false
  }()

  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func anExampleRunsAsPredicted() throws {
    let result = try Command.swiftfx("run", exampleArchive, "--input", "x=2x3x16", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let object = try result.object()
    #expect(object["nodes"] as? Int == 91)
    #expect((object["mismatches"] as? [Any])?.isEmpty == true)
    #expect((object["unsupported"] as? [Any])?.isEmpty == true)
    let symbols = try #require(object["symbols"] as? [String: Int])
    #expect(symbols["s77"] == 2 && symbols["s27"] == 3)
  }

  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func inputsThatDoNotFitAreFindings() throws {
    for (input, status, words) in [
      ("x=2x3x17", 1, "f32[2, 3, 17]"), ("x=2x3", 1, "f32[2, 3]"), ("y=2", 64, "no input 'y'"),
      ("x=?", 64, "open"),
    ] {
      let result = try Command.swiftfx("run", exampleArchive, "--input", input)
      #expect(result.status == Int32(status), "\(input)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
  }

  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func aDamagedFileOfInputsIsBadInput() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write([1, 2, 3], as: "in.safetensors")
    let result = try withExtendedLifetime(scratch) {
      try Command.swiftfx("run", exampleArchive, "--inputs", file)
    }
    #expect(result.status == 65)
    #expect(result.errors.contains("cut short"))
  }

  @Test func aMissingLibraryIsToldWithThePlaces() throws {
    let result = try Command.swiftfx("run", exampleArchive, "--libtorch", "/nowhere")
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("/nowhere") && result.errors.contains("pip install torch"))
  }
}
