import Foundation
import FuzzTargets

/// One kind of ``FuzzKind`` for libFuzzer, which changes inputs so that they reach code that no other has reached.
///
/// The environment names the kind: `KIND=program`.
private let kind: FuzzKind = {
  let names = FuzzKind.all.map(\.name).joined(separator: ", ")
  let name = ProcessInfo.processInfo.environment["KIND"] ?? ""
  guard let kind = FuzzKind.all.first(where: { $0.name == name }) else {
    FileHandle.standardError.write(Data("KIND must be one of \(names), not '\(name)'\n".utf8))
    exit(64)
  }
  return kind
}()

private typealias Attempt = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

@_silgen_name("LLVMFuzzerRunDriver")
private func runLibFuzzer(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>, _ attempt: Attempt
) -> CInt

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  kind([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

/// The function that SwiftPM calls instead of `main`; that of libFuzzer is not linked.
@_cdecl("swiftfx_libfuzzer_main")
public func runMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
  var (count, arguments) = (count, arguments)
  return runLibFuzzer(&count, &arguments) { tryInput($0, $1) }
}
