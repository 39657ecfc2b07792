import SymbolicExpressions
import SymbolicShapes

/// Parses the conditions that an exporter wrote as Python text.
///
/// The grammar is closed and nothing is evaluated: arithmetic, comparisons and the known functions, over sources such
/// as `L['x'].size()[0]`, `L['args'][0].stride()[1]` and `L['k']`.
///
/// - Source: `ShapeGuardPythonPrinter`, `torch/fx/experimental/symbolic_shapes.py`, v2.13.
struct GuardReader {
  /// Why a guard could not be parsed.
  struct Failure: Error, Equatable {
    var message: String
  }

  /// The methods of a tensor source.
  enum Property: String {
    case size, stride
    case storageOffset = "storage_offset"
  }

  /// Resolves a source: an input's path, and the property to read.
  ///
  /// No property means the input itself.
  let resolve: (SourcePath, Property?, Int?) -> SymExpr?

  /// Parses the condition `code` into the arena of `shapes`.
  func condition(_ code: String, in shapes: ShapeEnv) throws(Failure) -> SymExpr {
    var scanner = SourceScanner(code)
    var text = ""
    while let piece = try scanner.next() {
      switch piece {
      case .text(let other): text += other
      case .source(let path, let property, let index):
        guard let expression = resolve(path, property, index) else {
          throw Failure(message: "unknown input \(path.dotted)")
        }
        text += "(" + shapes.text(raw: expression) + ")"
      }
    }
    let condition: SymExpr
    do { condition = try shapes.parse(text) } catch { throw Failure(message: "\(error)") }
    guard shapes.arena.sort(of: condition) == .bool else { throw Failure(message: "no truth value") }
    return condition
  }
}

/// Splits a guard into sources and the text between them.
private struct SourceScanner {
  enum Piece {
    case text(String)
    case source(SourcePath, GuardReader.Property?, Int?)
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ code: String) { bytes = Array(code.utf8) }

  mutating func next() throws(GuardReader.Failure) -> Piece? {
    guard position < bytes.count else { return nil }
    if startsSource(position) { return try source() }
    let start = position
    repeat { position += 1 } while position < bytes.count && !startsSource(position)
    return .text(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  /// Whether `L[` starts here and is not the end of a longer name.
  private func startsSource(_ index: Int) -> Bool {
    guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "L"), bytes[index + 1] == UInt8(ascii: "[")
    else { return false }
    return index == 0 || !Self.isNamePart(bytes[index - 1])
  }

  private mutating func source() throws(GuardReader.Failure) -> Piece {
    position += 1
    var steps: [SourcePath.Step] = []
    while position < bytes.count {
      if take("[") {
        steps.append(try subscriptStep())
      } else if peek() == UInt8(ascii: ".") {
        position += 1
        let name = word()
        guard take("(") else {
          steps.append(.key(name))
          continue
        }
        guard take(")"), let property = GuardReader.Property(rawValue: name) else {
          throw GuardReader.Failure(message: "unknown method '\(name)'")
        }
        return .source(SourcePath(steps), property, try index(of: property))
      } else {
        break
      }
    }
    return .source(SourcePath(steps), nil, nil)
  }

  private mutating func index(of property: GuardReader.Property) throws(GuardReader.Failure) -> Int? {
    if property == .storageOffset { return nil }
    guard take("["), case .position(let index) = try subscriptStep() else {
      throw GuardReader.Failure(message: "a number of a dim is expected at byte \(position)")
    }
    return index
  }

  /// The rest of `['name']` or `[0]`.
  private mutating func subscriptStep() throws(GuardReader.Failure) -> SourcePath.Step {
    let step: SourcePath.Step
    if let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      position += 1
      let start = position
      while let byte = peek(), byte != quote, byte != UInt8(ascii: "\\") { position += 1 }
      step = .key(String(decoding: bytes[start..<position], as: UTF8.self))
      guard peek() == quote else { throw GuardReader.Failure(message: "a closing quote is missing") }
      position += 1
    } else {
      let digits = word()
      guard let index = Int(digits), index >= 0 else {
        throw GuardReader.Failure(message: "a name or a number is expected at byte \(position)")
      }
      step = .position(index)
    }
    guard take("]") else { throw GuardReader.Failure(message: "']' is expected at byte \(position)") }
    return step
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func word() -> String {
    let start = position
    while let byte = peek(), Self.isNamePart(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }
}
