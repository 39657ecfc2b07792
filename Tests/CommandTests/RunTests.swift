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

  /// What a run makes is freed when it ends, in a process that does nothing else.
  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func runsLeakNothing() throws {
    let result = try Command.swiftfx("run", exampleArchive, "--repeat", "240", "--json")
    let repeated = try #require(try result.object()["repeated"] as? [String: Any])
    #expect(repeated["count"] as? Int == 240)
    let before = try #require(repeated["resident_bytes_before"] as? Int)
    let after = try #require(repeated["resident_bytes_after"] as? Int)
    // A run makes more than 100 KB of tensors: kept ones would be 24 MB.
    #expect(after - before < 16 << 20)
  }

  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func inputsThatDoNotFitAreFindings() throws {
    for (input, status, words) in [
      ("x=2x3x17", 1, "17 == 16"), ("x=2x3", 1, "f32[2, 3]"), ("y=2", 64, "no input 'y'"),
      ("x=?", 64, "open"),
    ] {
      let result = try Command.swiftfx("run", exampleArchive, "--input", input)
      #expect(result.status == Int32(status), "\(input)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
  }

  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func anInputIsGivenOnce() throws {
    let result = try Command.swiftfx("run", exampleArchive, "--input", "x=2x3x16", "--input", "x=2x4x16")
    #expect(result.status == 64 && result.errors.contains("given twice"), "\(result.errors)")
  }

  /// The system's loader would wait for a writer.
  @Test(.timeLimit(.minutes(1)), .enabled(if: hasLibrary, "no PyTorch library"))
  func aPipeIsNoLibrary() throws {
    let folder = try ScratchFolder()
    let pipe = folder.url.appendingPathComponent("pipe").path
    try #require(mkfifo(pipe, 0o600) == 0)
    let result = try Command.swiftfx("run", exampleArchive, "--load-library", pipe)
    #expect(result.status == 65 && result.errors.contains("not a regular file"), "\(result.errors)")
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

  /// A file in the safetensors format: its header, and as many bytes of zeros as the tensors take.
  private func file(_ header: String, bytes count: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: count)
  }

  private static func input(
    _ name: String = "x", _ dtype: String = "F32", _ sizes: String = "2,3,16", _ range: String = "0,384"
  ) -> String {
    #""\#(name)":{"dtype":"\#(dtype)","shape":[\#(sizes)],"data_offsets":[\#(range)]}"#
  }

  /// Each is told with its reason, before anything runs, and nothing is written.
  @Test(
    .enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"),
    arguments: [
      ("{\(input())}", 200, 65, "cut short"),
      ("{\(input()),\(input("y", "F32", "2", "380,388"))}", 388, 65, "overlaps"),
      ("{\(input("x", "F32", "4611686018427387904,4,16", "0,384"))}", 384, 65, "no tensor has the sizes"),
      ("{\(input("x", "F32", "-2,3,16", "0,384"))}", 384, 65, "no tensor has the sizes"),
      ("{\(input("x", "F99"))}", 384, 65, "'F99' is not known"),
      ("{\(input("x", "I32"))}", 384, 1, "i32[2, 3, 16]"),
      ("{\(input("x", "F32", "6,16", "0,384"))}", 384, 1, "f32[6, 16]"),
      ("{\(input("x", "F32", "2,6,8", "0,384"))}", 384, 1, "8 == 16"),
      ("{\(input("z"))}", 384, 1, "no input 'z'"),
      ("{}", 0, 1, "input 'x' is missing"),
      ("{\(input()),\(input("stray", "F32", "2", "384,392"))}", 392, 1, "no input 'stray'"),
    ])
  func badInputsAreRefused(_ header: String, _ count: Int, _ status: Int, _ words: String) throws {
    let scratch = try ScratchFolder()
    try withExtendedLifetime(scratch) {
      let inputs = try scratch.write(file(header, bytes: count), as: "in.safetensors")
      let output = scratch.url.appendingPathComponent("out.safetensors").path
      let result = try Command.swiftfx("run", exampleArchive, "--inputs", inputs, "--output", output)
      #expect(result.status == Int32(status), "\(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
      #expect(result.output.isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["in.safetensors"])
    }
  }

  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func aProgramAgreesWithItself() throws {
    let result = try Command.swiftfx("run", exampleArchive, "--compare", exampleArchive, "--json")
    #expect(result.status == 0, "\(result.errors)")
    let object = try result.object()
    #expect(object["counterparts"] as? Int == 90 && object["compared"] as? Int == 90)
    #expect(object["first"] is NSNull)
  }

  /// The weights of one archive, changed in place: the first node that reads them differs.
  @Test(.enabled(if: hasLibrary, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH"))
  func theFirstNodeThatDiffersIsFound() throws {
    let scratch = try ScratchFolder()
    try withExtendedLifetime(scratch) {
      let other = scratch.url.appendingPathComponent("other.pt2").path
      try negateFirstWeight(of: exampleArchive, into: other)
      let result = try Command.swiftfx("run", exampleArchive, "--compare", other, "--json")
      #expect(result.status == 1, "\(result.errors)")
      let first = try #require(try result.object()["first"] as? [String: Any])
      #expect((first["a"] as? String)?.hasPrefix("p_") == true, "\(first)")
      #expect(first["a"] as? String == first["b"] as? String)
      #expect((first["largest"] as? Double ?? 0) > 0)
    }
  }

  /// A copy of a stored ZIP archive in which the elements of the first weight, floats, have the other sign.
  ///
  /// The checksum of the entry is made anew, so that the file is not damaged.
  private func negateFirstWeight(of archive: String, into other: String) throws {
    let script = """
      import sys, zipfile
      with zipfile.ZipFile(sys.argv[1]) as a, zipfile.ZipFile(sys.argv[2], "w") as b:
          for i in a.infolist():
              data = bytearray(a.read(i))
              if i.filename.endswith("data/weights/weight_0"):
                  for k in range(3, len(data), 4): data[k] ^= 0x80
              b.writestr(i.filename, bytes(data))
      """
    let result = try Command.run(["/usr/bin/env", "python3", "-c", script, archive, other])
    #expect(result.status == 0, "\(result.errors)")
  }

  /// A file that is no library, one of another machine, and one that is no PyTorch.
  @Test func otherLibrariesAreRefused() throws {
    let scratch = try ScratchFolder()
    try withExtendedLifetime(scratch) {
      #if os(Linux)
        let name = "libtorch_cpu.so"
      #else
        let name = "libtorch_cpu.dylib"
      #endif
      var cases: [(what: String, bytes: [UInt8], words: String)] = [
        ("no library", Array("no library".utf8), "cannot be opened")
      ]
      #if os(Linux)
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let line = maps.split(separator: "\n").first { $0.contains("/libm.so") || $0.contains("/libm-") }
        if let path = line?.split(separator: " ").last,
          let library = FileManager.default.contents(atPath: String(path))
        {
          cases.append(("no PyTorch", Array(library), "is PyTorch of an unknown version"))
          var foreign = Array(library)
          // The machine of an ELF file; 0 is none.
          (foreign[18], foreign[19]) = (0, 0)
          cases.append(("another machine", foreign, "cannot be opened"))
        }
      #endif
      for (what, bytes, words) in cases {
        let path = try scratch.write(bytes, as: name)
        let result = try Command.swiftfx("run", exampleArchive, "--libtorch", path)
        #expect(result.status == 65, "\(what)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(words), "\(what): \(result.errors)")
      }
    }
  }

  @Test func aMissingLibraryIsToldWithThePlaces() throws {
    let result = try Command.swiftfx("run", exampleArchive, "--libtorch", "/nowhere")
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("/nowhere") && result.errors.contains("pip install torch"))
  }
}
