extension SchemaTable {
  /// The torchao operators that exported programs keep, one per line, sorted by bytes.
  ///
  /// Source: torchao 0.18, `torchao/quantization/quant_primitives.py`.
  static let torchao: StaticString = """
    torchao::choose_qparams_affine(Tensor? input, str mapping_type, SymInt[] block_size, \
    ScalarType target_dtype, Scalar? quant_min=None, Scalar? quant_max=None, float? eps=None, \
    ScalarType? scale_dtype=None, ScalarType? zero_point_dtype=None, bool keepdim=False) -> (Tensor, Tensor)
    torchao::choose_scale_float8(Tensor tensor, SymInt[] block_size, ScalarType float8_dtype=24, \
    ScalarType scale_dtype=6, float? hp_value_lb=None, float? hp_value_ub=None) -> Tensor
    torchao::dequantize_affine(Tensor input, SymInt[] block_size, Tensor scale, Tensor? zero_point, \
    ScalarType input_dtype, Scalar? quant_min=None, Scalar? quant_max=None, ScalarType output_dtype=6) -> Tensor
    torchao::dequantize_affine_float8_non_decomposed(Tensor tensor, Tensor scale, \
    ScalarType output_dtype=6) -> Tensor
    torchao::quantize_affine(Tensor input, SymInt[] block_size, Tensor scale, Tensor? zero_point, \
    ScalarType output_dtype, Scalar? quant_min=None, Scalar? quant_max=None) -> Tensor
    torchao::quantize_affine_float8_non_decomposed(Tensor tensor, Tensor scale, \
    ScalarType float8_dtype=24) -> Tensor
    """
}
