/// An operator call recorded from PyTorch, with its result.
///
/// The goldens of a family are a JSON array with one call per line, written by `Scripts/operator_goldens.py`:
///
/// ```json
/// {"id": "c16b", "op": "aten.mm.default", "args": ["f32[2, s0]", "f32[s0, 4]"], "out": "f32[2, 4]", "symbols": {"s0": [3, 2, null]}}
/// ```
///
/// Numbers, bools, `null` and arrays are themselves; `"f32[2, 3] s[1, 2] +4"` is a tensor with strides, if it
/// is not contiguous, and offset; `"int u0 - 1"`, `"float zuf0"`, `"bool Eq(u0, 1)"` are symbolic;
/// `"float 1.0"` is a plain number; `"str mean"`, `"dtype int64"`, `"device cpu"` and similar are the rest.
public struct OperatorGolden: Decodable, Sendable, CustomStringConvertible {
  /// The identifier of the row.
  public let id: String
  /// The overload name.
  public let op: String
  /// The PyTorch that was asked, 2.13 unless it is another.
  public let version: String?
  /// The positional arguments, tagged.
  public let args: [GoldenValue]
  /// The keyword arguments, tagged.
  public let kwargs: [String: GoldenValue]?
  /// The result; absent if PyTorch raises an error, `null` if nothing is returned.
  public let out: GoldenValue?
  /// The class of PyTorch's exception.
  public let error: String?
  /// The hint of each symbol (`null` if it has none), its lower and upper bound (`null` for infinity).
  public let symbols: [String: [GoldenNumber?]]?
  /// The symbols that the call creates, in order.
  public let fresh: [String]?
  /// Facts known before the call.
  public let facts: [String]?
  /// The guards that the call adds, in order; absent if they were not recorded.
  public let guards: [String]?
  /// Mutated arguments, by position among the tensors, as they are after the call.
  public let after: [String: GoldenValue]?

  /// The name of the row in failure messages.
  public var description: String { "\(op) (\(id))" }
}

/// A golden value as JSON.
public indirect enum GoldenValue: Decodable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case text(String)
  case list([GoldenValue])

  /// Decodes a value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .int(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else {
      self = .list(try container.decode([GoldenValue].self))
    }
  }
}

/// An integer or, for the hint of a float symbol, a float.
public typealias GoldenNumber = Double
