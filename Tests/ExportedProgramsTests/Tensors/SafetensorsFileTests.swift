import TensorVocabulary
import Testing
import ZipArchives

@testable import ExportedPrograms

/// The format as its reference implementation defines it: what that refuses is refused here.
@Suite struct SafetensorsFileTests {
  private func read(_ header: String, _ data: [UInt8], size: UInt64? = nil) throws -> SafetensorsFile {
    var bytes = withUnsafeBytes(of: (size ?? UInt64(header.utf8.count)).littleEndian) { Array($0) }
    bytes += Array(header.utf8) + data
    return try SafetensorsFile(MappedFile(bytes: bytes).bytes)
  }

  @Test func tensorsAndTextsAreRead() throws {
    let file = try read(
      #"""
      {"__metadata__":{"k":"5","s":"\"a\"","n":"null","f":"0.5"},
       "x":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"e":{"dtype":"I64","shape":[0,3],"data_offsets":[8,8]}}
      """#, [UInt8](repeating: 1, count: 8))
    let x = try #require(file.tensor("x"))
    #expect(x.dtype == .float32 && x.sizes == [2, 1] && x.strides == [1, 1])
    #expect(x.bytes?.withUnsafeBytes { Array($0) } == [UInt8](repeating: 1, count: 8))
    #expect(file.tensor("e")?.sizes == [0, 3])
    guard case .int(5)? = try file.value("k"), case .string("a")? = try file.value("s"),
      case PickleValue.none? = try file.value("n"), case .float(0.5)? = try file.value("f")
    else { throw TensorFileError(.malformed("the texts are read wrongly")) }
    #expect(try file.value("x") == nil)
  }

  /// Header, data, and the length of the header if it is a lie.
  static let damaged: [(String, String, Int, UInt64?)] = [
    ("no header", "", 0, 1 << 40),
    ("a header longer than the file", "{}", 0, 3),
    ("a header of 2^64 - 1 bytes", "{}", 0, .max),
    ("no JSON", "{", 0, nil),
    ("a range past the end", #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, nil),
    ("bytes that belong to nothing", #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9, nil),
    (
      "overlapping ranges",
      #"{"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"y":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}"#,
      12,
      nil
    ),
    (
      "a gap",
      #"{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[8,12]}}"#,
      12,
      nil
    ),
    ("a range that ends before it starts", #"{"x":{"dtype":"U8","shape":[0],"data_offsets":[4,0]}}"#, 0, nil),
    ("a negative offset", #"{"x":{"dtype":"U8","shape":[0],"data_offsets":[-4,0]}}"#, 0, nil),
    ("more bytes than elements", #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 8, nil),
    ("fewer bytes than elements", #"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, nil),
    (
      "a product past 64 bits",
      #"{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, nil
    ),
    (
      "bytes past 64 bits", #"{"x":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}"#, 0,
      nil
    ),
    ("a negative size", #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#, 0, nil),
    ("an unknown dtype", #"{"x":{"dtype":"F31","shape":[],"data_offsets":[0,4]}}"#, 4, nil),
    ("a name twice", #"{"x":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"x":{}}"#, 1, nil),
    ("no offsets", #"{"x":{"dtype":"U8","shape":[]}}"#, 0, nil),
  ]

  @Test(arguments: damaged)
  func damagedFilesAreRefused(_ what: String, _ header: String, _ count: Int, _ size: UInt64?) {
    #expect(throws: TensorFileError.self, "\(what)") {
      try read(header, [UInt8](repeating: 0, count: count), size: size)
    }
  }

  /// Every prefix of a file is refused, and none traps.
  @Test func filesCutShortAreRefused() throws {
    let header = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: 8)
    _ = try SafetensorsFile(MappedFile(bytes: bytes).bytes)
    for count in 0..<bytes.count {
      #expect(throws: TensorFileError.self) {
        try SafetensorsFile(MappedFile(bytes: bytes.prefix(count)).bytes)
      }
    }
  }
}

@Suite struct StoredTensorTests {
  private let bytes = MappedFile(bytes: [UInt8](repeating: 0, count: 24)).bytes

  @Test func viewsMustLieInTheStorage() throws {
    let view = try StoredTensor(.float32, sizes: [2, 2], strides: [3, 1], storageOffset: 1, bytes: bytes)
    #expect(view.storageExtent == 6)
    for (sizes, strides, offset) in [
      ([2, 2], [3, 1], 2), ([7], [1], 0), ([2], [.max], 0), ([.max], [.max], 0), ([1], [1], .max),
      ([2], [-1], 1),
      ([-1], [1], 0), ([1], [1, 1], 0),
    ] {
      #expect(throws: TensorFileError.self) {
        try StoredTensor(.float32, sizes: sizes, strides: strides, storageOffset: offset, bytes: bytes)
      }
    }
  }

  @Test func stridesAreThoseOfPyTorch() {
    #expect(StoredTensor.contiguousStrides([2, 0, 3]) == [3, 3, 1])
    #expect(StoredTensor.contiguousStrides([]) == [])
    #expect(StoredTensor.contiguousStrides([2, .max, .max]) == nil)
  }
}
