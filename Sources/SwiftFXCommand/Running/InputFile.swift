import LibTorch
import SwiftFX

/// Inputs from a safetensors file: tensors by placeholder name, all else as JSON text in the metadata.
enum InputFile {
  static func read(_ path: String, for program: RealProgram) throws -> [String: PyTree<RealTensor>] {
    let file = try SafetensorsFile(path: FileNames.path(of: path))
    var inputs: [String: PyTree<RealTensor>] = [:]
    for (name, tensor) in file.tensors { inputs[name] = .value(try program.library.tensor(tensor)) }
    for name in program.userInputs where inputs[name] == nil {
      if let value = try file.value(name) { inputs[name] = try program.value(value, name) }
    }
    return inputs
  }
}
