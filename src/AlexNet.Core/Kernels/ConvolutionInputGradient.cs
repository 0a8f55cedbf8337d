namespace AlexNetTF.Kernels;

/// <summary>
/// dx = Conv2DBackpropInput(w, dy): dx[h] = Σ dy[o]·w[u] over all h = o·stride + u·dilation − pad. Used as
/// <see cref="Convolution"/> is; the prepared filter is one of its own. Input cells fall into classes by their residue modulo
/// the stride; each class meets a fixed set of taps and is a convolution of dy with stride 1.
/// </summary>
internal sealed unsafe class ConvolutionInputGradient
{
    private readonly ConvShape _shape;
    private readonly Class[] _classes;

    private sealed record Class(
        int Row, int Column, int[] FilterRows, int[] FilterColumns, TapConvolution Convolution, long PackedAt);

    internal ConvolutionInputGradient(in ConvShape shape, bool allowWinograd = true)
    {
        _shape = shape;
        _ = allowWinograd;
        var classes = new List<Class>();
        long at = 0;
        for (int r = 0; r < Math.Min(shape.StrideY, shape.InHeight); r++)
        {
            int[] rows = FilterTaps(r, shape.KernelHeight, shape.StrideY, shape.DilationY, shape.PadTop);
            TapAxis y = Axis(r, rows, shape.InHeight, shape.OutHeight, shape.StrideY, shape.DilationY, shape.PadTop);
            for (int c = 0; c < Math.Min(shape.StrideX, shape.InWidth); c++)
            {
                int[] columns = FilterTaps(c, shape.KernelWidth, shape.StrideX, shape.DilationX, shape.PadLeft);
                TapAxis x = Axis(c, columns, shape.InWidth, shape.OutWidth, shape.StrideX, shape.DilationX, shape.PadLeft);
                var taps = new TapConvolution(y, x, shape.Groups, shape.GroupOutChannels, shape.GroupInChannels);
                classes.Add(new Class(r, c, rows, columns, taps, at));
                at += taps.PackedLength;
            }
        }
        FilterBytes = at * sizeof(float);
        _classes = [.. classes];
    }

    /// <summary>Bytes of a prepared filter.</summary>
    internal long FilterBytes { get; }

    /// <summary>Names the form of prepared filters: equal for equal filter sizes, strides, padding and algorithms.</summary>
    internal (string Form, ConvShape Shape) FilterLayout => ("direct", _shape with { Batch = 1 });

    /// <summary>Bytes that <see cref="Run"/> needs.</summary>
    internal long WorkspaceBytes(int threads) => 0L * threads * _shape.Batch;

    /// <summary>Brings w into the order in which <see cref="Run"/> reads it.</summary>
    internal void PrepareFilter(float* w, void* prepared, int threads) =>
        Workers.For(threads, _classes.Length * _shape.Groups, new Pack(this, w, (float*)prepared));

    /// <summary>Computes dx, all of it.</summary>
    internal void Run(float* dy, float* w, void* prepared, float* dx, void* workspace, int threads)
    {
        foreach (Class c in _classes)
        {
            var target = new TapConvolution.Target(
                _shape.InPicture, (long)_shape.StrideY * _shape.InWidth * _shape.InChannels, _shape.StrideX * _shape.InChannels);
            c.Convolution.Run(dy, (float*)prepared + c.PackedAt,
                dx + ((long)c.Row * _shape.InWidth + c.Column) * _shape.InChannels, target, _shape.Batch, default, threads);
        }
    }

    // Taps u that meet input cells of this residue, in the order of ascending output cells, so of descending u.
    private static int[] FilterTaps(int residue, int kernel, int stride, int dilation, int before) =>
        [.. Enumerable.Range(0, kernel).Reverse().Where(u => (residue + before - u * dilation) % stride == 0)];

    private static TapAxis Axis(int residue, int[] taps, int input, int output, int stride, int dilation, int before) =>
        new(output, (input - residue + stride - 1) / stride, 1,
            [.. taps.Select(u => (residue + before - u * dilation) / stride)]);

    private struct Pack(ConvolutionInputGradient owner, float* w, float* packed) : IBlock
    {
        private readonly ConvolutionInputGradient _owner = owner;
        private readonly float* _w = w;
        private readonly float* _packed = packed;

        // Filters [u, v, in, out] become panels [tap, out][32 in].
        public readonly void Run(int block)
        {
            ConvShape shape = _owner._shape;
            Class c = _owner._classes[block / shape.Groups];
            int group = block % shape.Groups;
            float* target = c.Convolution.GroupFilter(_packed + c.PackedAt, group);
            for (int channel = 0; channel < shape.GroupInChannels; channel += GemmPack.PanelColumns)
            {
                int columns = Math.Min(GemmPack.PanelColumns, shape.GroupInChannels - channel);
                foreach (int u in c.FilterRows)
                {
                    foreach (int v in c.FilterColumns)
                    {
                        long row = ((long)u * shape.KernelWidth + v) * shape.GroupInChannels + channel;
                        GemmPack.PanelFromColumns(_w + row * shape.OutChannels + group * shape.GroupOutChannels,
                            shape.OutChannels, shape.GroupOutChannels, columns, target);
                        target += (long)shape.GroupOutChannels * GemmPack.PanelColumns;
                    }
                }
            }
        }
    }
}
