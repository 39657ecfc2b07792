import FakeTensors
import Foundation
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Decodes values from their tagged form, and the environment from the recorded symbols and facts.
final class CaseReader {
  let mode: FakeTensorMode
  /// The tensor arguments in order of first appearance.
  private(set) var tensors: [FakeTensor] = []
  /// Their metadata before the call.
  private(set) var metadataBefore: [TensorMetadata] = []
  private var byIdentity: [Int: FakeTensor] = [:]
  /// The results of the earlier calls of a program, by number.
  private var results: [Int: FakeValue] = [:]

  init(mode: FakeTensorMode) { self.mode = mode }

  /// Starts recording the arguments of the tested call; those of earlier calls do not count.
  func beginCall() {
    tensors = []
    metadataBefore = []
  }

  /// Keeps the result of a call for those that refer to it.
  func keep(_ value: FakeValue, as number: Int) { results[number] = value }

  func declareSymbols(_ object: [String: Any]) throws {
    let symbols = object["symbols"] as? [String: [String: Any]] ?? [:]
    for (name, facts) in symbols.sorted(by: { $0.key < $1.key }) where facts["fresh"] as? Bool != true {
      if object["prior"] != nil, isMade(name, by: object) { continue }
      declare(name, facts)
    }
  }

  /// Numbers fresh symbols as the recorded environment did: after the arguments' symbols, from the first
  /// number that the case uses beyond them.
  func numberFreshSymbols(like object: [String: Any]) {
    let first = (object["prior"] as? [[String: Any]])?.first ?? object
    let given = Set(unbackedNumbers(in: [first["args"] ?? [], first["kwargs"] ?? [:]]))
    let symbols = object["symbols"] as? [String: [String: Any]] ?? [:]
    let used = symbols.filter { object["prior"] != nil || $0.value["fresh"] as? Bool == true }.keys
      .compactMap { $0.hasPrefix("u") ? Int($0.dropFirst()) : nil }
    guard let next = used.filter({ !given.contains($0) }).min(), next > 0, !given.contains(next - 1) else {
      return
    }
    declare("u\(next - 1)", ["range": [NSNull(), NSNull()]])
  }

  /// Whether an earlier call of the case creates the symbol, so that the first call does not receive it.
  private func isMade(_ name: String, by object: [String: Any]) -> Bool {
    guard name.hasPrefix("u"), let number = Int(name.dropFirst()) else { return name.hasPrefix("zuf") }
    let first = (object["prior"] as? [[String: Any]])?.first ?? object
    return !unbackedNumbers(in: [first["args"] ?? [], first["kwargs"] ?? [:]]).contains(number)
  }

  private func unbackedNumbers(in item: Any) -> [Int] {
    if let list = item as? [Any] { return list.flatMap(unbackedNumbers) }
    if let object = item as? [String: Any] { return object.values.flatMap(unbackedNumbers) }
    guard let text = item as? String else { return [] }
    return text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      .compactMap { $0.hasPrefix("u") ? Int($0.dropFirst()) : nil }
  }

  private func declare(_ name: String, _ facts: [String: Any]) {
    let bounds = facts["range"] as? [Any] ?? []
    let lower = bounds.first.flatMap(integer) ?? .min
    let upper = bounds.last.flatMap(integer) ?? .max
    let range = IntRange(lower: lower, upper: upper)
    let shapes = mode.shapes
    if name.hasPrefix("zf") {
      shapes.createBackedFloat(name, hint: (facts["hint"] as? Double))
    } else if name.hasPrefix("zuf") {
      shapes.declare(name, [.real, .unbacked], kind: .unbackedFloat, range: .float(.unbounded), hint: nil)
    } else if name.hasPrefix("u") {
      let handle = shapes.declare(
        name, [.integer, .unbacked], kind: .unbackedInt, range: .int(range), hint: nil)
      if facts["size_like"] as? Bool == true { shapes.markSizeLike(handle) }
    } else {
      shapes.createBackedSymbol(
        name, hint: integer(facts["hint"] ?? 0).map { .int($0) }, range: range,
        isSize: lower >= 0 && lower != .min)
    }
  }

  func applyEarlierFacts(_ object: [String: Any]) throws {
    for (name, target) in (object["pre_replacements"] as? [String: Any] ?? [:]).sorted(by: { $0.key < $1.key }
    ) {
      guard let symbol = mode.shapes.arena.symbol(named: name) else { continue }
      _ = mode.shapes.check(SymBool(mode.shapes.arena.eq(symbol, try expression(target))))
    }
    for key in ["pre_guards", "pre_asserts"] {
      for fact in object[key] as? [Any] ?? [] {
        // Facts about symbols that were replaced earlier do not concern the case.
        guard let condition = try? expression(fact) else { continue }
        _ = mode.shapes.check(SymBool(condition))
      }
    }
  }

  func value(_ tagged: [String: Any]) throws -> FakeValue {
    guard let (tag, content) = tagged.first else { throw CaseError("an untagged value") }
    switch tag {
    case "int": return .symInt(SymInt(integer(content) ?? 0))
    case "float": return .float(number(content))
    case "bool": return .bool(content as? Bool ?? false)
    case "complex":
      let parts = content as? [Any] ?? []
      return .complex(parts.first.map(number) ?? 0, parts.last.map(number) ?? 0)
    case "str": return .string(content as? String ?? "")
    case "none": return .none
    case "dtype":
      guard let dtype = ScalarType(name: plain(content)) else { throw CaseError("dtype \(content)") }
      return .dtype(dtype)
    case "layout":
      guard let layout = Layout(name: plain(content)) else { throw CaseError("layout \(content)") }
      return .layout(layout)
    case "device":
      guard let device = Device(plain(content)) else { throw CaseError("device \(content)") }
      return .device(device)
    case "memory_format":
      let name = plain(content)
      guard let format = MemoryFormat(name: name) ?? MemoryFormat(name: name + "_format") else {
        throw CaseError("memory format \(content)")
      }
      return .memoryFormat(format)
    case "generator": return .opaque("generator")
    case "list": return .list(try (content as? [[String: Any]] ?? []).map(value))
    case "tuple": return .tuple(try (content as? [[String: Any]] ?? []).map(value))
    case "symint": return .symInt(mode.shapes.symInt(try expression(content)))
    case "symfloat": return .symFloat(SymFloat(try expression(content)))
    case "symbool": return .symBool(SymBool(try expression(content)))
    case "tensor": return .tensor(try tensor(content as? [String: Any] ?? [:]))
    default: throw CaseError("a value of kind \(tag)")
    }
  }

  private func tensor(_ meta: [String: Any]) throws -> FakeTensor {
    if let index = (meta["ref"] as? Int), index < tensors.count { return tensors[index] }
    if let number = meta["result"] as? Int {
      let value = results[number].map { result in
        (meta["index"] as? Int).flatMap { position in
          result.elements.flatMap { position < $0.count ? $0[position] : nil }
        } ?? result
      }
      guard case .tensor(let tensor)? = value else { throw CaseError("result \(number) is no tensor") }
      return tensor
    }
    if let identity = meta["tid"] as? Int, let known = byIdentity[identity] {
      note(known)
      return known
    }
    guard let dtype = ScalarType(name: plain(meta["dtype"] ?? "")),
      let device = Device(plain(meta["device"] ?? "cpu")),
      let layout = Layout(name: plain(meta["layout"] ?? "strided"))
    else { throw CaseError("tensor of \(meta["dtype"] ?? "?") on \(meta["device"] ?? "?")") }
    let tensor = mode.tensor(
      try sizes(meta["sizes"]), strides: try sizes(meta["strides"]), dtype: dtype, device: device,
      layout: layout)
    tensor.storageOffset = try symInt(meta["storage_offset"] ?? 0)
    tensor.isConjugate = meta["is_conj"] as? Bool ?? false
    tensor.isNegative = meta["is_neg"] as? Bool ?? false
    tensor.requiresGrad = meta["requires_grad"] as? Bool ?? false
    if let constant = meta["constant"] ?? meta["value"] {
      mode.setConstant(TensorConstant(scalars(constant, dtype)), of: tensor)
    }
    if let identity = meta["tid"] as? Int { byIdentity[identity] = tensor }
    note(tensor)
    return tensor
  }

  private func note(_ tensor: FakeTensor) {
    guard !tensors.contains(where: { $0 === tensor }) else { return }
    tensors.append(tensor)
    metadataBefore.append(TensorMetadata(tensor))
  }

  private func sizes(_ list: Any?) throws -> Sizes {
    var result = Sizes()
    for item in list as? [Any] ?? [] { result.append(try symInt(item)) }
    return result
  }

  private func symInt(_ item: Any) throws -> SymInt {
    if let constant = integer(item) { return SymInt(constant) }
    return mode.shapes.symInt(try expression((item as? [String: Any])?["symint"] ?? item))
  }

  /// Reads `{"expr", "srepr"}`, or infix text.
  private func expression(_ content: Any) throws -> SymExpr {
    let shapes = mode.shapes
    do {
      if let pair = content as? [String: Any] {
        if let srepr = pair["srepr"] as? String { return try shapes.parse(srepr: srepr) }
        return try expression(pair["expr"] ?? pair["symint"] ?? "")
      }
      if let constant = integer(content) { return shapes.arena.integer(constant) }
      return try shapes.parse(content as? String ?? "")
    } catch { throw CaseError("expression \(content): \(error)") }
  }

  private func scalars(_ nested: Any, _ dtype: ScalarType) -> [Scalar] {
    if let list = nested as? [Any] { return list.flatMap { scalars($0, dtype) } }
    if dtype.isBool { return [.bool(nested as? Bool ?? false)] }
    if dtype.isIntegral { return [.int(integer(nested) ?? 0)] }
    return [.float(number(nested))]
  }

  private func plain(_ content: Any) -> String {
    let text = content as? String ?? "\(content)"
    return text.hasPrefix("torch.") ? String(text.dropFirst(6)) : text
  }
}

/// The number in a JSON value; `nil` for anything else.
func integer(_ item: Any) -> Int? { item as? Int }

/// A float in a JSON value; strings represent what JSON cannot.
func number(_ item: Any) -> Double {
  switch item as? String {
  case "inf": .infinity
  case "-inf": -.infinity
  case "nan": .nan
  default: item as? Double ?? Double(item as? Int ?? 0)
  }
}
