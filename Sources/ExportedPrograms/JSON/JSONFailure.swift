/// Why a ``JSONScanner`` stopped, before the entry and the path are known.
struct JSONFailure: Error {
  let kind: ArchiveError.Kind
  let offset: Int
}

extension JSONScanner {
  /// A failure at the next byte.
  @inline(never)
  func failure(_ kind: ArchiveError.Kind) -> JSONFailure {
    JSONFailure(kind: kind, offset: offset)
  }

  /// A failure at `string`, which has already been read.
  @inline(never)
  func failure(_ kind: ArchiveError.Kind, at string: JSONString) -> JSONFailure {
    JSONFailure(kind: kind, offset: string.start - start)
  }

  /// A failure because the next value is not what the schema requires.
  @inline(never)
  func unexpected(_ expected: StaticString) -> JSONFailure {
    failure(.unexpected(expected: "\(expected)", found: found))
  }

  /// A description of what is at the cursor.
  private var found: String {
    guard cursor != end else { return "the end of the text" }
    switch cursor.pointee {
    case UInt8(ascii: "\""): return "a string"
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "an array"
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return "a number"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return "a boolean"
    case UInt8(ascii: "n"): return "null"
    case 0x21...0x7E: return "'\(Character(UnicodeScalar(cursor.pointee)))'"
    default: return "the byte \(cursor.pointee)"
    }
  }
}
