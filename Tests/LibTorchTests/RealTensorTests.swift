import ExportedPrograms
import FX
import Foundation
import OperatorSchemas
import ProcessMemory
import TensorVocabulary
import Testing
import ZipArchives

@testable import LibTorch

@Suite(.needsLibTorch) struct RealTensorTests {
  @Test func elementsComeBackAsTheyWereGiven() throws {
    let library = try InstalledLibrary.require()
    let tensor = try library.tensor([1, 2, 3, 4, 5, 6] as [Float], sizes: [2, 3])
    #expect(try tensor.dtype == .float32)
    #expect(try tensor.sizes == [2, 3])
    #expect(try tensor.strides == [3, 1])
    #expect(try tensor.device == .cpu)
    #expect(try tensor.layout == .strided)
    #expect(try tensor.storageOffset == 0)
    #expect(try tensor.elements(as: Float.self) == [1, 2, 3, 4, 5, 6])
    #expect(try tensor.elements(as: Int.self) == [1, 2, 3, 4, 5, 6])
    #expect(try library.tensor([Float](), sizes: [0, 3]).elements(as: Float.self).isEmpty)
    #expect(try library.tensor([true], sizes: []).item == .bool(true))
    #expect("\(tensor)" == "f32[2, 3]")
  }

  @Test func wrongCountsAreRefused() throws {
    let library = try InstalledLibrary.require()
    #expect(throws: LibTorchError.self) { try library.tensor([1, 2] as [Float], sizes: [3]) }
    #expect(throws: LibTorchError.self) { try library.tensor([Float](), sizes: [-1]) }
    #expect(throws: LibTorchError.self) { try library.tensor([1, 2] as [Float], sizes: [2]).item }
  }

  /// A view of a file keeps the file's memory alive, and an unaligned one is copied.
  @Test(arguments: [0, 1])
  func filesAreViewed(_ shift: Int) throws {
    let library = try InstalledLibrary.require()
    let floats: [Float] = [1, 2, 3, 4]
    let bytes =
      [UInt8](repeating: 0, count: shift)
      + floats.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    let tensor: RealTensor
    do {
      let part = try #require(MappedFile(bytes: bytes).bytes.slice(shift..<bytes.count))
      tensor = try library.tensor(StoredTensor(.float32, sizes: [2, 2], strides: [1, 2], bytes: part))
    }
    #expect(try tensor.elements(as: Float.self) == [1, 3, 2, 4])
  }

  /// PyTorch's own words, and the operator.
  @Test func errorsOfPyTorchAreTyped() throws {
    let library = try InstalledLibrary.require()
    let a = try library.tensor([1, 2] as [Float], sizes: [2])
    let b = try library.tensor([1, 2, 3] as [Float], sizes: [3])
    let name = try #require(OperatorName("aten::mul.Tensor"))
    do throws(LibTorchError) {
      _ = try Dispatcher(library).call(name, [.value(a), .value(b)])
      Issue.record("sizes that do not broadcast were taken")
    } catch {
      guard case .raised(let text) = error.kind else { throw error }
      #expect(text.contains("The size of tensor a (2) must match the size of tensor b (3)"), "\(text)")
      #expect(error.target == "aten.mul.Tensor")
    }
  }

  @Test func argumentsOfOtherTypesAreRefused() throws {
    let library = try InstalledLibrary.require()
    let dispatcher = Dispatcher(library)
    let a = try library.tensor([1, 2] as [Float], sizes: [2])
    for arguments: [PyTree<RealTensor>] in [
      [.value(a), .constant(.string("x"))], [.value(a)], [.constant(.int(1)), .constant(.float(0.5))],
      [.value(a), .constant(.int(0)), .constant(.int(0)), .constant(.int(0))],
    ] {
      #expect(throws: LibTorchError.self) { try dispatcher.call("aten::unsqueeze", arguments) }
    }
  }

  /// Ten thousand calls keep no memory: lists, strings, boxes and tensors are freed, on errors, too.
  @Test func callsLeakNothing() throws {
    let library = try InstalledLibrary.require()
    let dispatcher = Dispatcher(library)
    let a = try library.tensor([Float](repeating: 1, count: 1_000), sizes: [10, 100])
    func round() throws {
      _ = try dispatcher.call("aten::cat", [.list([.value(a), .value(a)]), .constant(.int(0))])
      _ = try dispatcher.call(
        "aten::split_with_sizes", [.value(a), .list([.constant(.int(4)), .constant(.int(6))])])
      _ = try dispatcher.call(
        "aten::einsum", [.constant(.string("ij->ji")), .list([.value(a)]), .constant(.none)])
      _ = try dispatcher.call("aten::to.dtype", [.value(a), .constant(.dtype(.float64))])
      _ = try? dispatcher.call("aten::cat", [.list([.value(a), .constant(.int(3))]), .constant(.int(0))])
    }
    for _ in 0..<200 { try round() }
    let before = ProcessMemory.resident
    for _ in 0..<10_000 { try round() }
    // Each round makes about 30 kB, 300 MB in all; other tests run meanwhile.
    #expect(ProcessMemory.resident - before < 100_000_000)
  }
}

/// Where no library is, the error says where it was looked for.
@Suite struct TorchLibraryTests {
  @Test func aFolderWithoutLibraryIsNamed() {
    do {
      _ = try TorchLibrary(folder: "/nowhere")
      Issue.record("a library was found")
    } catch {
      #expect(error.kind == .notFound(searched: ["/nowhere"]))
      #expect("\(error)".contains("--libtorch"))
    }
  }
}
