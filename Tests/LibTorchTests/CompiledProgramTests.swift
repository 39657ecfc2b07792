import ExportedPrograms
import FX
import Foundation
import TensorVocabulary
import Testing
import ZipArchives

@testable import LibTorch

/// Packages of AOTInductor, for which a library with the same C interface stands in.
///
/// It returns its two inputs in the other order, and refuses a second one that is empty.
@Suite struct CompiledProgramTests {
  private static let source = """
    #include <stddef.h>
    #include <stdint.h>
    typedef void *H;
    static const char *message = "";
    extern int32_t aoti_torch_get_numel(H, int64_t *);
    int32_t AOTInductorModelContainerCreateWithDevice(H *c, size_t n, const char *d, const char *f) {
      *c = (H)&message; return 0;
    }
    int32_t AOTInductorModelContainerDelete(H c) { return 0; }
    int32_t AOTInductorModelContainerGetNumInputs(H c, size_t *n) { *n = 2; return 0; }
    int32_t AOTInductorModelContainerGetNumOutputs(H c, size_t *n) { *n = 2; return 0; }
    int32_t AOTInductorModelContainerGetNumConstants(H c, size_t *n) { *n = CONSTANTS; return 0; }
    int32_t AOTInductorModelContainerGetConstantFromFolded(H c, size_t i, _Bool *f) { *f = 0; return 0; }
    int32_t AOTInductorModelContainerGetConstantsBlobSize(H c, uint64_t *n) { return 1; }
    int32_t AOTInductorModelContainerGetInputName(H c, size_t i, const char **s) {
      *s = i ? "arg1_1" : "arg0_1"; return 0;
    }
    int32_t AOTInductorModelContainerRun(H c, H *in, size_t n, H *out, size_t m, H s, H e) {
      int64_t count;
      if (aoti_torch_get_numel(in[1], &count) || count == 0) { message = "it is empty"; return 1; }
      out[0] = in[1]; out[1] = in[0]; return 0;
    }
    int32_t AOTInductorGetLastError(const char **s) { *s = message; return 0; }
    """

  private static var machine: String {
    #if arch(x86_64)
      "x86_64"
    #elseif os(Linux)
      "aarch64"
    #else
      "arm64"
    #endif
  }

  private static let metadata = #"{"AOTI_DEVICE_KEY": "cpu", "AOTI_MACHINE": "\#(machine)"}"#

  /// A compiled library; `nil` where there is no compiler.
  private static func library(constants: Int = 0) -> [UInt8]? {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (from, to) = (folder.appending(path: "model.c"), folder.appending(path: "model.so"))
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(source.utf8).write(to: from)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [
        "cc", "-w", "-shared", "-fPIC", "-DCONSTANTS=\(constants)", "-o", to.path, from.path,
      ]
      #if os(macOS)
        process.arguments?.append(contentsOf: ["-undefined", "dynamic_lookup"])
      #endif
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus == 0 ? Array(try Data(contentsOf: to)) : nil
    } catch { return nil }
  }

  private static let hasCompiler = library() != nil

  private func package(
    _ library: [UInt8], metadata: String = metadata, more: [String: String] = [:]
  ) throws -> CompiledPackage {
    var writer = ZipWriter()
    try writer.add("m/archive_format", "pt2".utf8)
    let folder = "m/data/aotinductor/model/"
    try writer.add("\(folder)f.wrapper.so", library)
    try writer.add("\(folder)f.wrapper_metadata.json", metadata.utf8)
    for (name, text) in more { try writer.add(folder + name, text.utf8) }
    return try CompiledPackage(try ProgramArchive(bytes: writer.finish()))
  }

  @Test(.needsLibTorch, .enabled(if: hasCompiler, "no C compiler"))
  func compiledCodeRunsOnTensors() throws {
    let torch = try InstalledLibrary.require()
    // The stand-in finds PyTorch's functions as a compiled library does that names `libtorch_cpu`.
    try torch.load(torch.path)
    let program = try CompiledProgram(
      try package(try #require(Self.library())), library: torch)
    #expect(program.inputNames == ["arg0_1", "arg1_1"])
    let (x, y) = (
      try torch.tensor([1, 2] as [Float], sizes: [2]), try torch.tensor([3] as [Int64], sizes: [1])
    )
    for given in [["arg0_1": x, "arg1_1": y], ["0": x, "1": y]] {
      let results = try program.run(try program.arguments(given))
      #expect(results.map { $0.description } == ["i64[1]", "f32[2]"])
      #expect(try results[1].firstElements(2) == [1, 2])
    }
    let missing = #expect(throws: LibTorchError.self) { try program.arguments(["arg0_1": x]) }
    #expect(missing?.description.contains("input 'arg1_1' is missing") == true)
    #expect(throws: LibTorchError.self) { try program.arguments(["arg0_1": x, "arg1_1": y, "z": x]) }
    #expect(throws: LibTorchError.self) { try program.run([x]) }
    let refused = #expect(throws: LibTorchError.self) {
      try program.run([x, try torch.tensor([Float](), sizes: [0])])
    }
    #expect(refused?.kind == .raised("it is empty"))
  }

  @Test(.needsLibTorch, .enabled(if: hasCompiler, "no C compiler"))
  func weightsThatTheLibraryDoesNotHoldAreMissed() throws {
    let torch = try InstalledLibrary.require()
    try torch.load(torch.path)
    let bytes = try #require(Self.library(constants: 1))
    let error = #expect(throws: LibTorchError.self) {
      try CompiledProgram(try package(bytes), library: torch)
    }
    #expect(error?.description.contains("weights are not in the compiled code") == true)
  }

  @Test(
    .needsLibTorch,
    arguments: [
      (#"{"AOTI_DEVICE_KEY": "cuda"}"#, [:], "the device 'cuda'"),
      (#"{"AOTI_DEVICE_KEY": "cpu", "AOTI_MACHINE": "vax"}"#, [:], "compiled for 'vax'"),
      (#"{"AOTI_PLATFORM": "win32"}"#, [:], "compiled for 'win32'"),
      (
        metadata, ["f.wrapper.json": #"{"nodes": [{"name": "b", "node": {"target": "mine::f"}}]}"#],
        "calls mine::f through PyTorch's executor in C++"
      ),
      (metadata, ["weights_config.json": "{}"], "its weights are beside the compiled code"),
      (metadata, [:], "cannot be opened"),
    ] as [(String, [String: String], String)])
  func codeThatCannotRunHereIsRefused(_ metadata: String, _ more: [String: String], _ words: String) throws {
    let torch = try InstalledLibrary.require()
    let error = #expect(throws: LibTorchError.self) {
      try CompiledProgram(try package([1, 2, 3], metadata: metadata, more: more), library: torch)
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test func anArchiveWithoutCompiledCodeIsToldSo() throws {
    var writer = ZipWriter()
    try writer.add("m/archive_format", "pt2".utf8)
    try writer.add("m/models/model.json", "{}".utf8)
    let archive = try ProgramArchive(bytes: writer.finish())
    let error = #expect(throws: ArchiveError.self) { try CompiledPackage(archive) }
    #expect(error?.kind == .notAProgram("it holds no code compiled by AOTInductor"))
  }

  @Test func oneOfSeveralCompiledProgramsIsAskedFor() throws {
    var writer = ZipWriter()
    try writer.add("m/archive_format", "pt2".utf8)
    for name in ["a", "b"] { try writer.add("m/data/aotinductor/\(name)/f.so", name.utf8) }
    let archive = try ProgramArchive(bytes: writer.finish())
    #expect(try CompiledPackage(archive, model: "b").library.text == "b")
    let error = #expect(throws: ArchiveError.self) { try CompiledPackage(archive) }
    #expect(error?.kind == .noSuchModel(nil, available: ["a", "b"]))
  }
}
