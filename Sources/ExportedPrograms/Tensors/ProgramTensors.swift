public import ZipArchives

/// The tensors that an archive holds besides its program: weights, constants, and the author's sample inputs.
///
/// Raw storages are views of the mapped file; nothing in a pickle is executed.
///
/// ```swift
/// let archive = try ProgramArchive(path: "model.pt2")
/// let weights = try ProgramTensors(archive).weights()
/// ```
public struct ProgramTensors: Sendable {
  /// Tensors by name; what is not a tensor is there as it was read.
  public typealias Values = [String: PickleValue]

  private let archive: ProgramArchive
  private let model: String

  /// - Throws: ``ArchiveError`` when the archive has no program called `model`.
  public init(_ archive: ProgramArchive, model: String? = nil) throws(ArchiveError) {
    self.archive = archive
    self.model = try archive.chosenModel(model)
  }

  /// The tensors in the archive that `program` was read from; `nil` for one that was not read from an archive.
  public init?(of program: ExportedProgram) {
    guard let source = program.source else { return nil }
    archive = source.archive
    model = source.model
  }

  /// The parameters and persistent buffers, by their names in the state dict.
  ///
  /// - Throws: ``TensorFileError``, ``ArchiveError`` or `ZipError` when they are damaged.
  public func weights() throws -> Values { try values("weights", flat: "serialized_state_dict.pt") }

  /// The constants and buffers that are not persistent, by name.
  public func constants() throws -> Values { try values("constants", flat: "serialized_constants.pt") }

  /// The inputs that the program was exported with, a tuple of positional arguments and a dictionary of keywords; `nil`
  /// when the archive has none.
  public func sampleInputs() throws -> PickleValue? {
    let name =
      archive.layout.form == .flat
      ? "serialized_example_inputs.pt" : "\(archive.layout.root)data/sample_inputs/\(model).pt"
    return try pickled(name)
  }

  /// The bytes of weights and constants that are pickled one by one and are no tensors, such as script objects, by name.
  public func objects() throws -> [String: MappedBytes] {
    guard archive.layout.form == .raw else { return [:] }
    var objects: [String: MappedBytes] = [:]
    for folder in ["weights", "constants"] {
      for (name, entry) in try entries(folder) where entry.isPickled || entry.tensor == nil {
        guard let stored = archive.zip["\(archive.layout.root)data/\(folder)/\(entry.file)"] else { continue }
        objects[name] = try archive.zip.contents(of: stored)
      }
    }
    return objects
  }

  private func values(_ folder: String, flat: String) throws -> Values {
    switch archive.layout.form {
    case .flat: return Self.byName(try pickled(flat))
    case .pickled: return Self.byName(try pickled("\(archive.layout.root)data/\(folder)/\(model).pt"))
    case .raw: return try raw(folder)
    }
  }

  private func pickled(_ name: String) throws -> PickleValue? {
    guard let entry = archive.zip[name] else { return nil }
    // Archives without sample inputs have an empty entry.
    if entry.size == 0 { return nil }
    do { return try TorchSaveFile.read(try archive.zip.contents(of: entry)) } catch let error
      as TensorFileError
    {
      throw error.at(file: name)
    } catch let error as ZipError where error.entry != name {
      // The entry is an archive of its own.
      throw TensorFileError(.malformed("\(error)"), file: name)
    }
  }

  private static func byName(_ value: PickleValue?) -> Values {
    guard case .dict(let entries)? = value else { return [:] }
    var values: Values = [:]
    for (key, value) in entries {
      if case .string(let name) = key { values[name] = value }
    }
    return values
  }

  /// The list of what a folder of raw files holds; empty when there is none.
  private func entries(_ folder: String) throws -> [(name: String, entry: PayloadConfig.Entry)] {
    guard let entry = archive.zip[configName(folder)] else { return [] }
    return try PayloadConfig(try archive.zip.contents(of: entry), limits: archive.limits).entries
  }

  private func configName(_ folder: String) -> String {
    "\(archive.layout.root)data/\(folder)/\(model)_\(folder)_config.json"
  }

  /// What a folder of raw files holds; what the archive lacks is left out.
  private func raw(_ folder: String) throws -> Values {
    var values: Values = [:]
    for (name, entry) in try entries(folder) {
      let file = "\(archive.layout.root)data/\(folder)/\(entry.file)"
      guard let stored = archive.zip[file] else { continue }
      if entry.isPickled {
        // Objects of other classes than tensors: named where one is needed.
        values[name] = (try? pickled(file)) ?? .object(entry.file)
        continue
      }
      guard let tensor = entry.tensor else {
        throw TensorFileError(.missing("'tensor_meta'"), file: configName(folder), tensor: name)
      }
      do {
        // An entry without bytes stands for zeros.
        values[name] = .tensor(
          try StoredTensor(
            tensor.dtype, sizes: tensor.sizes, strides: tensor.strides, storageOffset: tensor.storageOffset,
            bytes: stored.size == 0 ? nil : try archive.zip.contents(of: stored)))
      } catch let error as TensorFileError {
        throw error.at(file: file, tensor: name)
      }
    }
    return values
  }
}
