import FX
import Foundation
import OperatorSchemas
import TensorVocabulary
import Testing

@testable import LibTorch

/// Calls recorded from PyTorch by `Scripts/record_scalar_calls.py`.
struct ScalarCall: CustomTestStringConvertible, @unchecked Sendable {
  let name: String
  let arguments: [Any]
  let result: Any
  let testDescription: String

  static let all: [ScalarCall] = {
    guard let url = Bundle.module.url(forResource: "Goldens/scalar_calls", withExtension: "json"),
      let data = try? Data(contentsOf: url),
      let rows = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else { return [] }
    return rows.enumerated().compactMap { number, row in
      guard let name = row["name"] as? String, let arguments = row["arguments"] as? [Any],
        let result = row["result"]
      else { return nil }
      return ScalarCall(
        name: name, arguments: arguments, result: result, testDescription: "\(number) \(name)")
    }
  }()
}

/// Operators with `Scalar` arguments give what PyTorch gives: dtype, sizes, strides and values.
@Suite(.needsLibTorch) struct ScalarAdapterTests {
  @Test func thereAreRecordedCalls() { #expect(ScalarCall.all.count > 190) }

  @Test(arguments: ScalarCall.all)
  func givesWhatPyTorchGives(_ call: ScalarCall) throws {
    let library = try InstalledLibrary.require()
    let arguments = try call.arguments.map { try value($0, library) }
    let name = call.name.contains("::") ? call.name : "aten::\(call.name)"
    let result = try Dispatcher(library).call(name, arguments)
    if let recorded = call.result as? [[String: Any]] {
      let results = try #require(result.elements)
      try #require(results.count == recorded.count)
      for (result, recorded) in zip(results, recorded) { try compare(result, tensor(recorded, library)) }
    } else {
      try compare(result, tensor(try #require(call.result as? [String: Any]), library))
    }
  }

  @Test(arguments: ["aten::mul.Tensor", "aten::mul.Scalar"])
  func numbersOfEarlierCallsChangeNothing(_ name: String) throws {
    let library = try InstalledLibrary.require()
    let dispatcher = Dispatcher(library)
    let name = try #require(OperatorName(name))
    let x = try library.tensor([1, -2] as [Float], sizes: [2])
    for number in [0.0, -0.0, 0.1, 3, .nan, -0.0, 0.0] {
      let product = try #require(try dispatcher.call(name, [.value(x), .constant(.float(number))]).value)
      let (values, wanted) = (try product.elements(as: Float.self), [Float(number), -2 * Float(number)])
      #expect(values.map(\.bitPattern) == wanted.map(\.bitPattern) || number.isNaN && values[0].isNaN)
    }
    let whole = try library.tensor([5, 6], sizes: [2])
    for (number, dtype) in [(Scalar.int(1), ScalarType.int64), (.bool(true), .int64), (.float(1), .float32)] {
      let product = try #require(
        try dispatcher.call(name, [.value(whole), .constant(number.argument)]).value)
      #expect(try product.dtype == dtype)
    }
  }

  @Test func aNumberThatIsReturnedIsATensorOfItsOwn() throws {
    let dispatcher = Dispatcher(try InstalledLibrary.require())
    let name = try #require(OperatorName("aten::expand"))
    let sizes = PyTree<RealTensor>.list([.constant(.int(1))])
    for _ in 0..<2 {
      let view = try dispatcher.call(name, [.constant(.float(2)), sizes])
      #expect(try #require(view.value).elements(as: Float.self) == [2])
      _ = try dispatcher.call("aten::mul_.Tensor", [view, view])
    }
  }

  private func compare(_ result: PyTree<RealTensor>, _ expected: RealTensor) throws {
    let result = try #require(result.value)
    #expect(try result.dtype == expected.dtype)
    #expect(try result.sizes == expected.sizes)
    let (strides, recorded) = (try result.strides, try expected.strides)
    let sizes = try expected.sizes
    #expect(StoredStrides.agree(strides, recorded, sizes: sizes), "strides \(strides), PyTorch \(recorded)")
    let (values, wanted) = (try result.elements(as: Double.self), try expected.elements(as: Double.self))
    for (value, wanted) in zip(values, wanted) {
      let agrees =
        value == wanted || (value.isNaN && wanted.isNaN) || abs(value - wanted) <= 1e-5 + 1e-5 * abs(wanted)
      #expect(agrees, "\(values), PyTorch \(wanted)")
    }
  }

  private func value(_ json: Any, _ library: TorchLibrary) throws -> PyTree<RealTensor> {
    switch json {
    case is NSNull: return .constant(.none)
    case let items as [Any]: return .list(try items.map { try value($0, library) })
    case let text as String: return .constant(.string(text))
    case let fields as [String: Any]:
      if let dtype = (fields["dtype"] as? String).flatMap({ ScalarType(name: $0) }) {
        return .constant(.dtype(dtype))
      }
      if let device = (fields["device"] as? String).flatMap({ Device($0) }) {
        return .constant(.device(device))
      }
      if let float = (fields["float"] as? String).flatMap({ Double($0) }) { return .constant(.float(float)) }
      return .value(try tensor(fields, library))
    case let number as NSNumber:
      if CFGetTypeIDIsBool(number) { return .constant(.bool(number.boolValue)) }
      return .constant(.int(number.intValue))
    default: throw LibTorchError(.argument("\(json)"))
    }
  }

  private func CFGetTypeIDIsBool(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

  private func tensor(_ fields: [String: Any], _ library: TorchLibrary) throws -> RealTensor {
    let dtype = try #require((fields["tensor"] as? String).flatMap { ScalarType(name: $0) })
    let sizes = try #require(fields["sizes"] as? [Int])
    let strides = try #require(fields["strides"] as? [Int])
    let values = try #require(fields["values"] as? [String]).compactMap { Double($0) }
    let flat = try library.tensor(values, sizes: sizes)
    let made = try library.empty(dtype, sizes: sizes, strides: strides)
    return try Dispatcher(library).tensor("aten::copy_", .value(made), .value(flat))
  }

  /// No row serves an operator that PyTorch does not have, or one that needs no adapter.
  @Test func everyRowIsNeeded() {
    for name in ScalarAdapter.names {
      let isPrimitive = name.hasPrefix("prims::")
      // A row without an operator of its own is one in place.
      let schema = [isPrimitive ? name : "aten::\(name)", "aten::\(name)_"].lazy
        .compactMap { OperatorName($0) }.compactMap { SchemaTable.schema(for: $0) }.first
      #expect(schema.map { isPrimitive || ScalarAdapter.isNeeded(by: $0) } == true, "\(name)")
    }
  }
}
