import TensorVocabulary

/// The numbers by which the library calls dtypes, devices, layouts and memory formats.
///
/// Each is asked of the library: they are not part of its interface.
struct TorchCodes: Sendable {
  private let dtypes: [ScalarType: Int32]
  private let devices: [DeviceType: Int32]
  /// The dtypes and devices by their numbers: they are asked of every tensor that an adapter sees.
  private let dtypesByCode: [ScalarType?]
  private let devicesByCode: [DeviceType?]
  private let layouts: [Layout: Int32]
  private let formats: [MemoryFormat: Int32]

  private static let dtypeFunctions: [(ScalarType, String)] =
    [
      .uint8, .int8, .int16, .int32, .int64, .float16, .float32, .float64, .complex32, .complex64,
      .complex128, .bool,
      .bfloat16, .float8e5m2, .float8e4m3fn, .float8e5m2fnuz, .float8e4m3fnuz, .uint16, .uint32, .uint64,
    ].map { ($0, "aoti_torch_dtype_\($0.name)") } + [
      (.float8e8m0fnu, "torch_dtype_float8_e8m0fnu"), (.float4e2m1fnx2, "torch_dtype_float4_e2m1fn_x2"),
    ]

  private static let deviceFunctions: [(DeviceType, String)] = [
    (.cpu, "aoti_torch_device_type_cpu"), (.cuda, "aoti_torch_device_type_cuda"),
    (.meta, "aoti_torch_device_type_meta"), (.mps, "aoti_torch_device_type_mps"),
    (.xpu, "aoti_torch_device_type_xpu"),
  ]

  private static let layoutFunctions: [(Layout, String)] = [
    (.strided, "aoti_torch_layout_strided"), (.sparseCoo, "aoti_torch_layout_sparse_coo"),
    (.sparseCsr, "aoti_torch_layout_sparse_csr"), (.sparseCsc, "aoti_torch_layout_sparse_csc"),
    (.sparseBsr, "aoti_torch_layout_sparse_bsr"), (.sparseBsc, "aoti_torch_layout_sparse_bsc"),
    (.mkldnn, "aoti_torch_layout__mkldnn"), (.jagged, "aoti_torch_layout_jagged"),
  ]

  private static let formatFunctions: [(MemoryFormat, String)] = [
    (.contiguous, "aoti_torch_memory_format_contiguous_format"),
    (.preserve, "aoti_torch_memory_format_preserve_format"),
    (.channelsLast, "aoti_torch_memory_format_channels_last"),
    (.channelsLast3d, "aoti_torch_memory_format_channels_last_3d"),
  ]

  init(_ symbols: TorchSymbols) throws(LibTorchError) {
    dtypes = try Self.ask(Self.dtypeFunctions, symbols)
    devices = try Self.ask(Self.deviceFunctions, symbols)
    layouts = try Self.ask(Self.layoutFunctions, symbols)
    formats = try Self.ask(Self.formatFunctions, symbols)
    dtypesByCode = Self.byCode(dtypes)
    devicesByCode = Self.byCode(devices)
  }

  private static func byCode<Key>(_ codes: [Key: Int32]) -> [Key?] {
    (0...(codes.values.max() ?? 0)).map { code in codes.first { $0.value == code }?.key }
  }

  private static func ask<Key: Hashable>(
    _ functions: [(Key, String)], _ symbols: TorchSymbols
  ) throws(LibTorchError) -> [Key: Int32] {
    typealias Code = @convention(c) () -> Int32
    var codes: [Key: Int32] = [:]
    for (key, name) in functions { codes[key] = try symbols.function(name, as: Code.self)() }
    return codes
  }

  func code(of dtype: ScalarType) throws(LibTorchError) -> Int32 {
    guard let code = dtypes[dtype] else { throw Self.unknown("the dtype \(dtype)") }
    return code
  }

  func code(of device: DeviceType) throws(LibTorchError) -> Int32 {
    guard let code = devices[device] else { throw Self.unknown("the device \(device)") }
    return code
  }

  func code(of layout: Layout) throws(LibTorchError) -> Int32 {
    guard let code = layouts[layout] else { throw Self.unknown("the layout \(layout)") }
    return code
  }

  func code(of format: MemoryFormat) throws(LibTorchError) -> Int32 {
    guard let code = formats[format] else { throw Self.unknown("the memory format \(format)") }
    return code
  }

  func dtype(_ code: Int32) throws(LibTorchError) -> ScalarType {
    guard dtypesByCode.indices.contains(Int(code)), let dtype = dtypesByCode[Int(code)] else {
      throw Self.unknown("dtype \(code)")
    }
    return dtype
  }

  func device(_ code: Int32) throws(LibTorchError) -> DeviceType {
    guard devicesByCode.indices.contains(Int(code)), let device = devicesByCode[Int(code)] else {
      throw Self.unknown("device type \(code)")
    }
    return device
  }

  func layout(_ code: Int32) throws(LibTorchError) -> Layout {
    guard let entry = layouts.first(where: { $0.value == code }) else { throw Self.unknown("layout \(code)") }
    return entry.key
  }

  private static func unknown(_ what: String) -> LibTorchError {
    LibTorchError(.unsupported("the library's C interface does not know \(what)"))
  }
}
