import Foundation
import TensorVocabulary
import Testing
import ZipArchives

@testable import ExportedPrograms

/// The tensors of archives in all three layouts; the values are those that PyTorch 2.13 reads.
@Suite struct ProgramTensorsTests {
  private func tensors(_ name: String) throws -> ProgramTensors {
    let url = try #require(Bundle.module.url(forResource: "Goldens/\(name)", withExtension: "pt2"))
    return try ProgramTensors(ProgramArchive(path: url.path))
  }

  private func floats(_ value: PickleValue?) throws -> [Float] {
    guard case .tensor(let tensor)? = value, tensor.dtype == .float32, let bytes = tensor.bytes else {
      throw TensorFileError(.missing("tensor of float32"))
    }
    return bytes.withUnsafeBytes { bytes in
      (0..<tensor.storageExtent).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  @Test func rawWeights() throws {
    let weights = try tensors("misc_submodule_hops_213").weights()
    #expect(weights.keys.sorted() == ["a.bias", "a.weight", "b.bias", "b.weight"])
    #expect(try floats(weights["a.weight"]).prefix(2) == [-0.004322517663240433, 0.3097158372402191])
    #expect(try floats(weights["b.bias"]).count == 3)
  }

  @Test func rawConstants() throws {
    let constants = try tensors("exportdb_optional_input_213").constants()
    #expect(try floats(constants["lifted_tensor_0"]).prefix(2) == [-0.33683475852012634, 0.7441359758377075])
  }

  @Test(arguments: ["ver_item_291", "unb_auto_functionalized_28", "unb_while_loop_213", "ver_cond_251"])
  func sampleInputs(_ name: String) throws {
    let sample = try #require(try tensors(name).sampleInputs())
    let leaves = sample.leaves
    switch name {
    case "ver_item_291":
      guard case .tensor(let n) = leaves[0] else { throw TensorFileError(.missing("n")) }
      #expect(n.dtype == .int64 && n.sizes.isEmpty)
      #expect(n.bytes?.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) } == 5)
      #expect(try floats(leaves[1]).first == 1.3552970886230469)
    case "unb_auto_functionalized_28":
      #expect(try floats(leaves[0]).prefix(2) == [-1.1258398294448853, -1.152360200881958])
      guard case .tensor(let mask) = leaves[1] else { throw TensorFileError(.missing("m")) }
      #expect(mask.dtype == .bool && mask.sizes == [6])
    case "unb_while_loop_213": #expect(try floats(leaves[1]).count == 12)
    default: #expect(leaves.count >= 1)
    }
  }

  @Test func sampleIntegers() throws {
    let leaves = try #require(try tensors("misc_no_tensor_inputs_213").sampleInputs()).leaves
    guard leaves.count == 2, case .int(4) = leaves[0], case .int(6) = leaves[1] else {
      throw TensorFileError(.missing("4 and 6"))
    }
  }
}

/// Pickles as Python's `pickle` module writes them, and what must not be read.
@Suite struct PickleReaderTests {
  private func read(_ bytes: [UInt8]) throws -> PickleValue {
    try bytes.withUnsafeBytes { bytes in
      var reader = PickleReader(bytes) { (key) throws(TensorFileError) in throw TensorFileError(.missing(key))
      }
      return try reader.read()
    }
  }

  private func bytes(_ text: String) -> [UInt8] {
    text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
  }

  /// What Python makes of `pickle.dumps((1, [True, None, -5], {"a": 0.5, "b": 2**40}), 2)`.
  @Test func plainContainers() throws {
    let value = try read(
      bytes(
        "80 02 4b 01 5d 71 00 28 88 4e 4a fb ff ff ff 65 7d 71 01 28 58 01 00 00 00 61 71 02 47 3f e0 00 00 00 00 00 00"
          + " 58 01 00 00 00 62 71 03 8a 06 00 00 00 00 00 01 75 87 71 04 2e"))
    guard case .tuple(let items) = value, case .int(1) = items[0], case .list(let list) = items[1],
      case .bool(true) = list[0], case .none = list[1], case .int(-5) = list[2],
      case .float(0.5)? = items[2]["a"],
      case .int(1_099_511_627_776)? = items[2]["b"]
    else { throw TensorFileError(.malformed("\(value)")) }
  }

  /// The pickle of `os.system` and a call of it: nothing runs, and the name is told.
  @Test func functionsAreNamesOnly() throws {
    let call = Array("cposix\nsystem\n".utf8) + bytes("58 02 00 00 00 6c 73 85 52 2e")
    guard case .object("posix.system") = try read(call) else {
      throw TensorFileError(.malformed("it was read"))
    }
  }

  /// A list that holds itself would take for ever, and so would one that doubles at each step.
  @Test func valuesWithoutEndAreRefused() {
    #expect(throws: TensorFileError.self) { try read(bytes("80 02 5d 71 00 68 00 61 2e")) }
    var doubling = bytes("80 02 5d 71 00")
    for level in UInt8(1)...60 { doubling += [0x28, 0x68, level - 1, 0x68, level - 1, 0x6C, 0x71, level] }
    #expect(throws: TensorFileError.self) { try read(doubling + [0x2E]) }
  }

  @Test func damagedPicklesAreRefused() {
    let whole = bytes("80 02 4b 01 5d 71 00 28 88 4e 65 86 2e")
    for count in 0..<whole.count {
      #expect(throws: TensorFileError.self) { try read(Array(whole.prefix(count))) }
    }
    for text in [
      "2e", "74 2e", "61 2e", "68 05 2e", "52 2e", "8a 09 2e", "58 ff ff ff ff 2e",
      "8d ff ff ff ff ff ff ff ff", "51 2e",
    ] {
      #expect(throws: TensorFileError.self, "\(text)") { try read(bytes(text)) }
    }
  }
}
