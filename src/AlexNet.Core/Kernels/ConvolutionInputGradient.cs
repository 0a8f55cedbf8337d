using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// dx = Conv2DBackpropInput(w, dy): dx[h] = Σ dy[o]·w[u] over all h = o·stride + u·dilation − pad. Used as
/// <see cref="Convolution"/> is; the prepared filter is one of its own. Input cells fall into classes by their residue modulo
/// the stride; each class meets a fixed set of taps and is a convolution of dy with stride 1. With stride 1 it is one convolution
/// of dy with the flipped filter, which Winograd's algorithm does where it pays.
/// </summary>
internal sealed unsafe class ConvolutionInputGradient
{
    private readonly ConvShape _shape;
    private readonly Class[] _classes;
    private readonly long _directLength;
    private readonly WinogradConvolution? _winograd;

    private sealed record Class(
        int Row, int Column, int[] FilterRows, int[] FilterColumns, TapConvolution Convolution, long PackedAt);

    /// <param name="shape">The sizes of the forward convolution.</param>
    /// <param name="allowWinograd">Whether Winograd's algorithm may be taken; else all is direct.</param>
    /// <param name="forceWinograd">Take it wherever it is possible (for tests), not only where it pays.</param>
    internal ConvolutionInputGradient(in ConvShape shape, bool allowWinograd = true, bool forceWinograd = false)
    {
        _shape = shape;
        // Small tiles: gradients differ widely, and tiles of 8 × 8 round by up to 1e-5 of the largest.
        if (allowWinograd && shape.StrideY == 1 && shape.StrideX == 1 && WinogradShape.For(Flipped(shape), forceWinograd, small: true) is { } winograd)
            _winograd = new WinogradConvolution(winograd, flipped: true);
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
        _directLength = at;
        _classes = [.. classes];
    }

    /// <summary>Bytes of a prepared filter.</summary>
    internal long FilterBytes => sizeof(float) * (_winograd?.FilterLength ?? _directLength);

    /// <summary>Names the form of prepared filters: equal for equal filter sizes, strides, padding and algorithms.</summary>
    internal (string Form, ConvShape Shape) FilterLayout =>
        (_winograd == null ? "direct" : "winograd", _shape with { Batch = 1 });

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

    /// <summary>Computes dx, all of it.</summary>
    internal void Run(float* dy, float* w, void* prepared, float* dx, void* workspace, int threads)
    {
        if (_winograd == null)
            RunDirect(dy, (float*)prepared, dx, _shape.Batch, threads);
        else if (_winograd.Run(dy, (float*)prepared, dx, null, false, workspace, threads))
            Repair(dy, w, dx, (int*)workspace, threads);
    }

    // As in the forward convolution: pictures with NaN or infinity are computed directly.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Repair(float* dy, float* w, float* dx, int* marks, int threads)
    {
        float* packed = (float*)NativeMemory.AlignedAlloc((nuint)(_directLength * sizeof(float)), 64);
        try
        {
            PackDirect(w, packed, threads);
            for (int n = 0; n < _shape.Batch; n++)
            {
                if (marks[n] != 0)
                    RunDirect(dy + n * _shape.OutPicture, packed, dx + n * _shape.InPicture, 1, threads);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(packed);
        }
    }

    private void PackDirect(float* w, float* packed, int threads) =>
        Workers.For(threads, _classes.Length * _shape.Groups, new Pack(this, w, packed));

    private void RunDirect(float* dy, float* packed, float* dx, int pictures, int threads)
    {
        foreach (Class c in _classes)
        {
            var target = new TapConvolution.Target(
                _shape.InPicture, (long)_shape.StrideY * _shape.InWidth * _shape.InChannels, _shape.StrideX * _shape.InChannels);
            c.Convolution.Run(dy, packed + c.PackedAt,
                dx + ((long)c.Row * _shape.InWidth + c.Column) * _shape.InChannels, target, pictures, default, threads);
        }
    }

    // dx as the convolution of dy whose padding is what the forward one left of its kernel.
    private static ConvShape Flipped(in ConvShape s) => s with
    {
        InHeight = s.OutHeight,
        InWidth = s.OutWidth,
        InChannels = s.OutChannels,
        OutHeight = s.InHeight,
        OutWidth = s.InWidth,
        OutChannels = s.InChannels,
        PadTop = (s.KernelHeight - 1) * s.DilationY - s.PadTop,
        PadLeft = (s.KernelWidth - 1) * s.DilationX - s.PadLeft,
    };

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
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
