#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A tensor, a list, a string or an optional of the library.
typealias TorchHandle = OpaquePointer

/// Finds the functions of an open library.
struct TorchSymbols {
  let handle: UnsafeMutableRawPointer
  let path: String

  func function<Function>(_ name: String, as: Function.Type) throws(LibTorchError) -> Function {
    guard let address = dlsym(handle, name) else { throw LibTorchError(.missingFunction(name, path: path)) }
    return unsafeBitCast(address, to: Function.self)
  }
}

/// The functions of the stable C interface that are used.
///
/// Most return zero, or an error code.
/// Handles that come back belong to the caller; pointers to sizes, strides and data are borrowed.
struct TorchFunctions: Sendable {
  typealias Code = Int32
  typealias Result<Value> = UnsafeMutablePointer<Value>
  typealias MakeBlob =
    @convention(c) (
      UnsafeMutableRawPointer?, Int64, UnsafePointer<Int64>?, UnsafePointer<Int64>?, Int64, Int32, Int32,
      Int32,
      Result<TorchHandle?>, Int32, UnsafePointer<UInt8>?, Int64,
      (@convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Void)?, UnsafeMutableRawPointer?
    ) -> Code
  typealias MakeEmpty =
    @convention(c) (
      Int64, UnsafePointer<Int64>?, UnsafePointer<Int64>?, Int32, Int32, Int32, Result<TorchHandle?>
    ) -> Code

  let callDispatcher:
    @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutablePointer<UInt64>, UInt64) -> Code
  let whatHappened: @convention(c) () -> UnsafePointer<CChar>?

  let copyHandle: @convention(c) (TorchHandle, Result<TorchHandle?>) -> Code
  let deleteTensor: @convention(c) (TorchHandle) -> Code
  let isDefined: @convention(c) (TorchHandle, Result<Bool>) -> Code
  let dim: @convention(c) (TorchHandle, Result<Int64>) -> Code
  let numel: @convention(c) (TorchHandle, Result<Int64>) -> Code
  let sizes: @convention(c) (TorchHandle, Result<UnsafeMutablePointer<Int64>?>) -> Code
  let strides: @convention(c) (TorchHandle, Result<UnsafeMutablePointer<Int64>?>) -> Code
  let storageOffset: @convention(c) (TorchHandle, Result<Int64>) -> Code
  let dtype: @convention(c) (TorchHandle, Result<Int32>) -> Code
  let deviceType: @convention(c) (TorchHandle, Result<Int32>) -> Code
  let deviceIndex: @convention(c) (TorchHandle, Result<Int32>) -> Code
  let layout: @convention(c) (TorchHandle, Result<Int32>) -> Code
  let data: @convention(c) (TorchHandle, Result<UnsafeMutableRawPointer?>) -> Code
  let makeBlob: MakeBlob
  let makeEmpty: MakeEmpty

  let newList: @convention(c) (Int, Result<TorchHandle?>) -> Code
  let listCount: @convention(c) (TorchHandle, Result<Int>) -> Code
  let listItem: @convention(c) (TorchHandle, Int, Result<UInt64>) -> Code
  let appendToList: @convention(c) (TorchHandle, UInt64) -> Code
  let deleteList: @convention(c) (TorchHandle) -> Code
  let newString: @convention(c) (UnsafePointer<CChar>, Int, Result<TorchHandle?>) -> Code
  let deleteString: @convention(c) (TorchHandle) -> Code
  let stringCount: @convention(c) (TorchHandle, Result<Int>) -> Code
  let stringText: @convention(c) (TorchHandle, Result<UnsafePointer<CChar>?>) -> Code
  let newBox: @convention(c) (Result<UnsafeMutablePointer<UInt64>?>) -> Code
  let deleteBox: @convention(c) (UnsafeMutablePointer<UInt64>) -> Code

  /// The sum of floats, the most frequent call that does not go through the dispatcher.
  let addOnCPU: DeviceFunctions.Add?

  let isGradEnabled: @convention(c) () -> Bool
  let setGradEnabled: @convention(c) (Bool) -> Void

  init(_ symbols: TorchSymbols) throws(LibTorchError) {
    func find<Function>(_ name: String) throws(LibTorchError) -> Function {
      try symbols.function(name, as: Function.self)
    }
    callDispatcher = try find("torch_call_dispatcher")
    whatHappened = try find("torch_exception_get_what_without_backtrace")
    copyHandle = try find("aoti_torch_new_tensor_handle")
    deleteTensor = try find("aoti_torch_delete_tensor_object")
    isDefined = try find("aoti_torch_is_defined")
    dim = try find("aoti_torch_get_dim")
    numel = try find("aoti_torch_get_numel")
    sizes = try find("aoti_torch_get_sizes")
    strides = try find("aoti_torch_get_strides")
    storageOffset = try find("aoti_torch_get_storage_offset")
    dtype = try find("aoti_torch_get_dtype")
    deviceType = try find("aoti_torch_get_device_type")
    deviceIndex = try find("aoti_torch_get_device_index")
    layout = try find("aoti_torch_get_layout")
    data = try find("aoti_torch_get_data_ptr")
    makeBlob = try find("torch_from_blob")
    makeEmpty = try find("aoti_torch_empty_strided")
    newList = try find("torch_new_list_reserve_size")
    listCount = try find("torch_list_size")
    listItem = try find("torch_list_get_item")
    appendToList = try find("torch_list_push_back")
    deleteList = try find("torch_delete_list")
    newString = try find("torch_new_string_handle")
    deleteString = try find("torch_delete_string")
    stringCount = try find("torch_string_length")
    stringText = try find("torch_string_c_str")
    newBox = try find("torch_new_stable_ivalue")
    deleteBox = try find("torch_delete_stable_ivalue")
    addOnCPU = try? find("aoti_torch_cpu_add_Tensor")
    isGradEnabled = try find("aoti_torch_grad_mode_is_enabled")
    setGradEnabled = try find("aoti_torch_grad_mode_set_enabled")
  }
}
