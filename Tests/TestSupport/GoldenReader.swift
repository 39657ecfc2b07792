public import FakeTensors
import Foundation
public import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// An unreadable golden.
public struct GoldenError: Error, CustomStringConvertible {
  /// What went wrong.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Creates the values of goldens in one mode.
public final class GoldenReader {
  /// The mode of the values.
  public let mode: FakeTensorMode
  /// The tensors read so far, in order of first appearance.
  public private(set) var tensors: [FakeTensor] = []

  /// Creates a reader.
  public init(_ mode: FakeTensorMode) { self.mode = mode }

  /// Declares symbols with hints and ranges, and sets the first number for fresh ones.
  func declare(_ symbols: [String: [GoldenNumber?]], fresh: [String]) {
    for (name, facts) in symbols.sorted(by: { $0.key < $1.key }) where !fresh.contains(name) {
      let bounds = facts.dropFirst().map { $0.flatMap { Int(exactly: $0) } }
      let range = IntRange(
        lower: bounds.first.flatMap { $0 } ?? .min, upper: bounds.dropFirst().first.flatMap { $0 } ?? .max)
      if name.hasPrefix("u") {
        mode.shapes.declare(name, [.integer, .unbacked], kind: .unbackedInt, range: .int(range), hint: nil)
      } else if name.hasPrefix("zuf") {
        mode.shapes.declare(
          name, [.real, .unbacked], kind: .unbackedFloat, range: .float(.unbounded), hint: nil)
      } else if name.hasPrefix("z") {
        mode.shapes.createBackedFloat(name, hint: facts.first ?? nil)
      } else {
        let hint = (facts.first ?? nil).flatMap { Int(exactly: $0) }.map { SymExpr.Number.int($0) }
        mode.shapes.createBackedSymbol(name, hint: hint, range: range, isSize: range.lower >= 0)
      }
    }
    // Otherwise fresh symbols are numbered after the largest declared one.
    if let number = fresh.first(where: { $0.hasPrefix("u") }).flatMap({ Int($0.dropFirst()) }), number > 0 {
      mode.shapes.declare(
        "u\(number - 1)", [.integer, .unbacked], kind: .unbackedInt, range: .int(.unbounded), hint: nil)
    }
  }

  /// The value of a tagged golden value.
  public func value(_ golden: GoldenValue) throws -> FakeValue {
    switch golden {
    case .null: return .none
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .list(let items): return .list(try items.map(value))
    case .text(let text): return try value(text)
    }
  }

  private func value(_ text: String) throws -> FakeValue {
    let parts = text.split(separator: " ", maxSplits: 1)
    let (kind, content) = (parts.first.map(String.init) ?? "", parts.count > 1 ? String(parts[1]) : "")
    switch kind {
    case "int": return .symInt(mode.shapes.symInt(try expression(content)))
    case "float":
      if let number = Double(content) { return .float(number) }
      return .symFloat(SymFloat(try expression(content)))
    case "bool": return .symBool(SymBool(try expression(content)))
    case "complex":
      let numbers = content.split(separator: " ").compactMap { Double($0) }
      guard numbers.count == 2 else { throw GoldenError("complex number \(content)") }
      return .complex(numbers[0], numbers[1])
    case "str": return .string(content)
    case "dtype":
      guard let dtype = ScalarType(name: content) else { throw GoldenError("dtype \(content)") }
      return .dtype(dtype)
    case "device":
      guard let device = Device(content) else { throw GoldenError("device \(content)") }
      return .device(device)
    case "layout":
      guard let layout = Layout(name: content) else { throw GoldenError("layout \(content)") }
      return .layout(layout)
    case "memory_format":
      guard let format = MemoryFormat(name: content) ?? MemoryFormat(name: content + "_format") else {
        throw GoldenError("memory format \(content)")
      }
      return .memoryFormat(format)
    case "opaque": return .opaque(content)
    case "ref":
      guard let index = Int(content), index < tensors.count else { throw GoldenError("reference \(content)") }
      return .tensor(tensors[index])
    default:
      let tensor = try TensorText(text).tensor(in: self)
      tensors.append(tensor)
      return .tensor(tensor)
    }
  }

  /// The expression of a text.
  public func expression(_ text: String) throws -> SymExpr {
    do { return try mode.shapes.parse(text) } catch { throw GoldenError("expression \(text): \(error)") }
  }

  func symInt(_ text: String) throws -> SymInt {
    if let constant = Int(text) { return SymInt(constant) }
    return mode.shapes.symInt(try expression(text))
  }
}
