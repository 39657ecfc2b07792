import FX

/// The parts of a program around its graph.
extension ProgramReader {
  mutating func schemaVersion() throws(JSONFailure) -> SchemaVersion {
    var major: Int?
    var minor = 0
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "major": major = try scanner.integer()
      case "minor": minor = try scanner.integer()
      default: try scanner.skipValue()
      }
    }
    guard let major else { throw scanner.missing("major") }
    return SchemaVersion(major: major, minor: minor)
  }

  mutating func opsetVersion() throws(JSONFailure) -> [Named<Int>] {
    var versions: [Named<Int>] = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() { versions.append(Named(key.text, try scanner.integer())) }
    return versions
  }

  /// Reads `{symbol: {min_val, max_val}}`; a missing bound is `null`, or infinity spelled as a string.
  mutating func rangeConstraints() throws(JSONFailure) -> [RangeConstraint] {
    var constraints: [RangeConstraint] = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      var constraint = RangeConstraint(text: key.text)
      try scanner.beginObject()
      while let side = try scanner.nextKey() {
        switch side {
        case "min_val": constraint.lower = try bound()
        case "max_val": constraint.upper = try bound()
        default: try scanner.skipValue()
        }
      }
      if let lower = constraint.lower, let upper = constraint.upper, lower > upper {
        throw scanner.failure(
          .inconsistent("no value of '\(key.text)' is from \(lower) to \(upper)"), at: key)
      }
      constraints.append(constraint)
    }
    return constraints
  }

  private mutating func bound() throws(JSONFailure) -> Int? {
    if scanner.peek() == UInt8(ascii: "\"") {
      _ = try scanner.float()
      return nil
    }
    return try scanner.integerOrNull()
  }

  /// Reads `{class: {field_names}}`.
  mutating func namedTupleFields() throws(JSONFailure) -> [String: [String]] {
    var fields: [String: [String]] = [:]
    try scanner.beginObject()
    while let type = try scanner.nextKey() {
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        switch key {
        case "field_names": fields[type.text] = try scanner.strings()
        default: try scanner.skipValue()
        }
      }
    }
    return fields
  }
}
