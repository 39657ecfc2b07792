import Foundation
import Testing

@testable import LibTorch

/// Files that are no library for this machine.
@Suite struct LibraryOpeningTests {
  private func open(_ bytes: [UInt8]) throws -> LibTorchError? {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appending(path: LibraryLocation.fileName))
    return #expect(throws: LibTorchError.self) { _ = try TorchLibrary(folder: folder.path) }
  }

  /// The system's loader says of such a library that it does not exist.
  @Test(arguments: [(3, "i386"), (40, "arm"), (243, "riscv"), (0x1234, "processor 4660 of the ELF format")])
  func aLibraryOfAnotherMachineIsToldSo(number: Int, name: String) throws {
    var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9) + [3, 0]
    bytes += [UInt8(number & 0xFF), UInt8(number >> 8)] + [UInt8](repeating: 0, count: 4000)
    let error = try open(bytes)
    #expect(error?.description.contains("it is made for \(name), this machine is") == true)
  }

  @Test(arguments: [[], Array("no library".utf8), [0x7F, 0x45, 0x4C, 0x46]])
  func aFileThatIsNoLibraryIsToldSo(_ bytes: [UInt8]) throws {
    guard case .cannotOpen(let path, let reason)? = try open(bytes)?.kind else {
      Issue.record("another error")
      return
    }
    #expect(path.hasSuffix(LibraryLocation.fileName))
    #expect(!reason.isEmpty && !reason.hasPrefix(path))
  }
}
