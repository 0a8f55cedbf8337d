using System.Runtime.InteropServices;

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
    private readonly WinogradConvolution? _winograd;

    /// <param name="shape">The sizes.</param>
    /// <param name="allowWinograd">Whether Winograd's algorithm may be taken; else convolution is direct.</param>
    /// <param name="forceWinograd">Take it wherever it is possible (for tests), not only where it pays.</param>
    internal Convolution(in ConvShape shape, bool allowWinograd = true, bool forceWinograd = false)
    {
        _shape = shape;
        WinogradShape? winograd = allowWinograd ? WinogradShape.For(shape, forceWinograd) : null;
        _winograd = winograd == null ? null : new WinogradConvolution(winograd);
        _direct = new TapConvolution(
            new TapAxis(shape.InHeight, shape.OutHeight, shape.StrideY, Taps(shape.KernelHeight, shape.DilationY, shape.PadTop)),
            new TapAxis(shape.InWidth, shape.OutWidth, shape.StrideX, Taps(shape.KernelWidth, shape.DilationX, shape.PadLeft)),
            shape.Groups, shape.GroupInChannels, shape.GroupOutChannels);
    }

    /// <summary>Bytes of a prepared filter.</summary>
    internal long FilterBytes => sizeof(float) * (_winograd?.FilterLength ?? _direct.PackedLength);

    /// <summary>Names the form of prepared filters: equal for equal filter sizes, strides and algorithms.</summary>
    internal (string Form, int KernelHeight, int KernelWidth, int Stride, int In, int Out, int Groups) FilterLayout =>
        (_winograd == null ? "direct" : _winograd.FilterForm, _shape.KernelHeight, _shape.KernelWidth,
            _winograd == null ? 0 : _shape.StrideX, _shape.InChannels, _shape.OutChannels, _shape.Groups);

    /// <summary>Whether Winograd's algorithm is used.</summary>
    internal bool IsWinograd => _winograd != null;

    /// <summary>Bytes that <see cref="Run"/> needs, for any number of threads.</summary>
    internal long WorkspaceBytes(int threads) => threads < 0 || _winograd == null ? 0 : _winograd.WorkspaceBytes;

    /// <summary>Brings w into the order in which <see cref="Run"/> reads it.</summary>
    internal void PrepareFilter(float* w, void* prepared, int threads)
    {
        if (_winograd != null)
            _winograd.PrepareFilter(w, (float*)prepared, threads);
        else
            PackDirect(w, (float*)prepared, threads);
    }

    /// <summary>Computes y; bias may be null.</summary>
    internal void Run(float* x, float* w, void* prepared, float* y, float* bias, bool relu, void* workspace, int threads)
    {
        if (_winograd == null)
            RunDirect(x, (float*)prepared, y, _shape.Batch, bias, relu, threads);
        else if (_winograd.Run(x, (float*)prepared, y, bias, relu, workspace, threads))
            Repair(x, w, y, bias, relu, (int*)workspace, threads);
    }

    // Winograd's sums mix the pixels of a tile, so one NaN or infinity spoils all of it: such pictures are computed directly.
    private void Repair(float* x, float* w, float* y, float* bias, bool relu, int* marks, int threads)
    {
        float* packed = (float*)NativeMemory.AlignedAlloc((nuint)(_direct.PackedLength * sizeof(float)), 64);
        try
        {
            PackDirect(w, packed, threads);
            for (int n = 0; n < _shape.Batch; n++)
            {
                if (marks[n] != 0)
                    RunDirect(x + n * _shape.InPicture, packed, y + n * _shape.OutPicture, 1, bias, relu, threads);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(packed);
        }
    }

    private void PackDirect(float* w, float* packed, int threads) =>
        Workers.ForSimd(threads, _shape.Groups * GemmPack.Panels(_shape.GroupOutChannels), new Pack(this, w, packed));

    private void RunDirect(float* x, float* packed, float* y, int pictures, float* bias, bool relu, int threads) =>
        _direct.Run(x, packed, y,
            new TapConvolution.Target(_shape.OutPicture, (long)_shape.OutWidth * _shape.OutChannels, _shape.OutChannels),
            pictures, new GemmEpilogue { Bias = bias, Relu = relu }, threads);

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
