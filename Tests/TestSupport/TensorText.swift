import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The text of a tensor in goldens: `f32[2, s0] s[s0, 1] +4 @meta #sparse_coo conj neg grad const=1`.
struct TensorText {
  let dtype: ScalarType
  let sizes: [String]
  /// Absent if the tensor is contiguous.
  var strides: [String]?
  var offset = "0"
  var device = Device.cpu
  var layout = Layout.strided
  var isConjugate = false
  var isNegative = false
  var requiresGrad = false
  /// The only element, if propagation knows it.
  var constant: String?

  init(_ text: String) throws {
    var words = Self.words(text)
    guard !words.isEmpty else { throw GoldenError("an empty tensor") }
    let head = words.removeFirst()
    let name = head.prefix { $0 != "[" }
    guard let dtype = ScalarType.allCases.first(where: { $0.shortName == name }), head.hasSuffix("]") else {
      throw GoldenError("tensor \(text)")
    }
    self.dtype = dtype
    sizes = Self.items(head.dropFirst(name.count))
    for word in words {
      switch word.first {
      case "s": strides = Self.items(word.dropFirst())
      case "+": offset = String(word.dropFirst())
      case "@": device = Device(String(word.dropFirst())) ?? .cpu
      case "#": layout = Layout(name: String(word.dropFirst())) ?? .strided
      default:
        isConjugate = isConjugate || word == "conj"
        isNegative = isNegative || word == "neg"
        requiresGrad = requiresGrad || word == "grad"
        if word.hasPrefix("const=") { constant = String(word.dropFirst(6)) }
      }
    }
  }

  func tensor(in reader: GoldenReader) throws -> FakeTensor {
    let sizes = Sizes(try sizes.map(reader.symInt))
    let tensor = reader.mode.tensor(
      sizes, strides: try strides.map { Sizes(try $0.map(reader.symInt)) }, dtype: dtype, device: device,
      layout: layout)
    tensor.storageOffset = try reader.symInt(offset)
    tensor.isConjugate = isConjugate
    tensor.isNegative = isNegative
    tensor.requiresGrad = requiresGrad
    if let constant { reader.mode.setConstant(TensorConstant([scalar(constant)]), of: tensor) }
    return tensor
  }

  private func scalar(_ text: String) -> Scalar {
    if dtype.isBool { return .bool(text == "True") }
    if dtype.isIntegral { return .int(Int(text) ?? 0) }
    return .float(Double(text) ?? .nan)
  }

  /// The words separated by spaces outside brackets.
  private static func words(_ text: String) -> [String] { split(text[...], at: " ") }

  /// The items of `[a, b]`, which may contain calls with commas.
  private static func items(_ text: Substring) -> [String] {
    split(text.dropFirst().dropLast(), at: ",").map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }
  }

  private static func split(_ text: Substring, at separator: Character) -> [String] {
    var (result, current, depth): ([String], String, Int) = ([], "", 0)
    for character in text {
      if character == separator, depth == 0 {
        result.append(current)
        current = ""
        continue
      }
      if character == "[" || character == "(" { depth += 1 }
      if character == "]" || character == ")" { depth -= 1 }
      current.append(character)
    }
    return current.isEmpty ? result : result + [current]
  }
}
