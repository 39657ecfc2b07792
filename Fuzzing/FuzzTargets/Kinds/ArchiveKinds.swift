import ExportedPrograms
import Foundation
import SwiftFX
import ZipArchives

extension FuzzKind {
  static let zip = FuzzKind("zip", "the bytes of ZIP archives") { choices in
    let bytes = choices.damaged(choices.pick(FuzzSamples.archives).bytes)
    if let archive = try? ZipArchive(bytes: bytes) {
      for entry in archive.entries { _ = try? archive.contents(of: entry) }
    }
    if let archive = try? ProgramArchive(bytes: bytes) {
      for model in archive.layout.models { _ = try? ExportedProgram(archive, model: model) }
    }
    return bytes.count
  }

  static let program = FuzzKind("program", "the JSON of programs, changed by structure, then propagated") {
    choices in
    let (exported, size) = choices.exportedProgram()
    guard let exported, let program = try? FakeProgram(exported) else { return size }
    let context = program.context(table: .aten)
    let result = context.propagate(
      program.inputs, options: PropagationOptions(trustsRecorded: choices.chance(128)))
    FuzzUse.texts(of: result, context)
    return size
  }

  static let tensors = FuzzKind("tensors", "safetensors, pickles of weights, constants and sample inputs") {
    choices in
    if choices.chance(128) {
      let header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[24,32]}}"
      var bytes = choices.damaged(Array(header.utf8))
      // The length that a header states may be another one than it has.
      let length = choices.chance(200) ? bytes.count : choices.pick(Hostile.integers)
      bytes =
        (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + bytes + Array(repeating: 1, count: 32)
      if let file = try? SafetensorsFile(MappedFile(bytes: bytes).bytes) {
        for entry in file.tensors { _ = try? file.value(entry.name) }
      }
      return bytes.count
    }
    let bytes = choices.repackedArchive()
    guard let archive = try? ProgramArchive(bytes: bytes), let tensors = try? ProgramTensors(archive) else {
      return bytes.count
    }
    for value in ((try? tensors.weights()) ?? [:]).values {
      if case .tensor(let tensor) = value { _ = tensor.hasEqualContents(tensor) }
    }
    _ = try? tensors.constants()
    _ = try? tensors.sampleInputs()
    return bytes.count
  }
}

extension FuzzBytes {
  /// A sample's program with changes; `nil` if it cannot be loaded.
  mutating func exportedProgram() -> (program: ExportedProgram?, size: Int) {
    let bytes = FuzzSamples.archive(mutatedProgram())
    return (try? ExportedProgram(ProgramArchive(bytes: bytes)), bytes.count)
  }

  /// A sample in which one entry is damaged and has the right checksum.
  mutating func repackedArchive() -> [UInt8] {
    let bytes = pick(FuzzSamples.archives).bytes
    guard let zip = try? ZipArchive(bytes: bytes), !zip.entries.isEmpty else { return bytes }
    let chosen = below(zip.entries.count)
    var writer = ZipWriter()
    for (number, entry) in zip.entries.enumerated() {
      guard let contents = try? zip.contents(of: entry).withUnsafeBytes({ [UInt8]($0) }) else { continue }
      try? writer.add(entry.name, number == chosen ? damaged(contents) : contents)
    }
    return writer.finish()
  }
}
