extension SchemaTable {
  /// The torchvision operators used by exported detectors, one per line, sorted by bytes.
  ///
  /// Source: the operators' documentation, <https://docs.pytorch.org/vision/stable/ops.html>, and the arguments
  /// that exported programs pass.
  static let torchvision: StaticString = """
    torchvision::deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, \
    SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, \
    SymInt groups, SymInt offset_groups, bool use_mask) -> Tensor
    torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor
    torchvision::ps_roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width, int sampling_ratio) -> (Tensor, Tensor)
    torchvision::ps_roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width) -> (Tensor, Tensor)
    torchvision::roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor
    torchvision::roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, \
    SymInt pooled_width) -> (Tensor, Tensor)
    """
}
