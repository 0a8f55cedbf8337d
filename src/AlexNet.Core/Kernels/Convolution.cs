namespace AlexNetTF.Kernels;

/// <summary>
/// y = Conv2D(x, w) (+ bias) (relu). Made once for a shape:
/// <code>
/// var conv = new Convolution(shape);
/// conv.PrepareFilter(w, prepared, threads);                 // conv.FilterBytes bytes; again whenever w changes
/// conv.Run(x, w, prepared, y, bias, relu, workspace, threads);   // conv.WorkspaceBytes(threads) bytes
/// </code>
/// Prepared filters may be shared by objects of equal <see cref="FilterLayout"/>, so by all batch sizes. All memory is
/// aligned to 64 bytes. A picture has the same bits in any batch, for any number of threads and in any vector width.
/// </summary>
internal sealed unsafe class Convolution
{
    private readonly ConvShape _shape;
    private readonly TapConvolution _direct;

    internal Convolution(in ConvShape shape, bool allowWinograd = true)
    {
        _shape = shape;
        _ = allowWinograd;
        _direct = new TapConvolution(
            new TapAxis(shape.InHeight, shape.OutHeight, shape.StrideY, Taps(shape.KernelHeight, shape.DilationY, shape.PadTop)),
            new TapAxis(shape.InWidth, shape.OutWidth, shape.StrideX, Taps(shape.KernelWidth, shape.DilationX, shape.PadLeft)),
            shape.Groups, shape.GroupInChannels, shape.GroupOutChannels);
    }

    /// <summary>Bytes of a prepared filter.</summary>
    internal long FilterBytes => _direct.PackedLength * sizeof(float);

    /// <summary>Names the form of prepared filters: equal for equal filter sizes and algorithms.</summary>
    internal (string Form, int KernelHeight, int KernelWidth, int In, int Out, int Groups) FilterLayout =>
        ("direct", _shape.KernelHeight, _shape.KernelWidth, _shape.InChannels, _shape.OutChannels, _shape.Groups);

    /// <summary>Bytes that <see cref="Run"/> needs.</summary>
    internal long WorkspaceBytes(int threads) => 0L * threads * _shape.Batch;

    /// <summary>Brings w into the order in which <see cref="Run"/> reads it.</summary>
    internal void PrepareFilter(float* w, void* prepared, int threads) =>
        Workers.ForSimd(threads, _shape.Groups * GemmPack.Panels(_shape.GroupOutChannels), new Pack(this, w, (float*)prepared));

    /// <summary>Computes y; bias may be null.</summary>
    internal void Run(float* x, float* w, void* prepared, float* y, float* bias, bool relu, void* workspace, int threads) =>
        _direct.Run(x, (float*)prepared, y,
            new TapConvolution.Target(_shape.OutPicture, (long)_shape.OutWidth * _shape.OutChannels, _shape.OutChannels),
            _shape.Batch, new GemmEpilogue { Bias = bias, Relu = relu }, threads);

    private static int[] Taps(int kernel, int dilation, int before) =>
        [.. Enumerable.Range(0, kernel).Select(i => i * dilation - before)];

    private struct Pack(Convolution owner, float* w, float* packed) : ISimdBlock
    {
        private readonly Convolution _owner = owner;
        private readonly float* _w = w;
        private readonly float* _packed = packed;

        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            ConvShape shape = _owner._shape;
            int panels = GemmPack.Panels(shape.GroupOutChannels), depth = _owner._direct.Depth;
            int group = block / panels, column = block % panels * GemmPack.PanelColumns;
            GemmPack.PanelFromRows<V>(_w + group * shape.GroupOutChannels + column, shape.OutChannels, depth,
                Math.Min(GemmPack.PanelColumns, shape.GroupOutChannels - column),
                _owner._direct.GroupFilter(_packed, group) + (long)column * depth);
        }
    }
}
