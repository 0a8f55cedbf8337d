using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Filters in Winograd's form: U = G g Gᵀ, computed in double and rounded once, as [group][panel of 32 outputs][cell][depth][32].
/// A block of work is a panel and some input channels: their taps are collected as [tap][channel][32], transformed in the core's
/// cache and copied out, for each cell in one piece. Stored where they belong at once, the values of a filter would lie
/// tens of KB apart, all in one set of the cache.
/// </summary>
internal sealed unsafe class WinogradFilter
{
    private const int Panel = GemmPack.PanelColumns;

    /// <summary>Input channels of a block.</summary>
    private const int Piece = 8;

    // Floats from one cell of a block to the next: a cache line more than its values, so that cells spread over the sets.
    private const int CellPitch = Piece * Panel + 16;

    private readonly WinogradShape _shape;
    private readonly bool _flipped;
    private readonly int _pieces;

    // Pinned: blocks read them through pointers.
    private readonly double[] _g;
    private readonly int[] _places;

    internal WinogradFilter(WinogradShape shape, bool flipped)
    {
        _shape = shape;
        _flipped = flipped;
        _pieces = (shape.Channels + Piece - 1) / Piece;
        _g = Pinned([.. WinogradTransform.FilterMatrix(shape.Taps, shape.Outputs).SelectMany(row => row)]);
        int rows = shape.Size + Math.Min(1, shape.Y.Long), columns = shape.Size + Math.Min(1, shape.X.Long);
        _places = Pinned(
            [.. Enumerable.Range(0, rows * columns).Select(at => shape.Cell(at / columns, at % columns) * CellPitch)]);
    }

    /// <summary>Floats.</summary>
    internal long Length => _shape.Conv.Groups * GroupLength;

    /// <summary>Floats of a group.</summary>
    internal long GroupLength => _shape.Cells * GemmPack.PackedLength(_shape.Channels, _shape.Conv.GroupOutChannels);

    /// <summary>
    /// Transforms w. For the flipped form (the gradient of the input) the shape is that of the convolution of dy, while w is
    /// stored as the forward convolution's: [taps][taps][outputs of the shape][all its inputs].
    /// </summary>
    internal void Prepare(float* w, float* target, int threads) => Workers.For(threads,
        _shape.Conv.Groups * GemmPack.Panels(_shape.Conv.GroupOutChannels) * _pieces, new Block(this, w, target));

    private struct Block(WinogradFilter owner, float* w, float* target) : IBlock
    {
        private readonly WinogradFilter _owner = owner;
        private readonly float* _w = w;
        private readonly float* _target = target;

        public readonly void Run(int block) => _owner.Run(_w, _target, block);
    }

    // All outputs of a panel for some input channels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(float* w, float* target, int block)
    {
        int first = block % _pieces * Piece, channels = Math.Min(Piece, _shape.Channels - first);
        block /= _pieces;
        int panels = GemmPack.Panels(_shape.Conv.GroupOutChannels), panel = block % panels, group = block / panels;
        int taps = _shape.Taps * _shape.Taps;
        float* half = (float*)Scratch.Get(sizeof(float) * (WinogradFilterTransform.HalfLength + taps * Piece * Panel + _shape.Cells * CellPitch));
        float* g = half + WinogradFilterTransform.HalfLength, cells = g + taps * Piece * Panel;
        for (int tap = 0; tap < taps; tap++)
            Gather(w, group, panel, first, channels, tap / _shape.Taps, tap % _shape.Taps, g + tap * Piece * Panel);
        Transform(g, cells, channels, half);
        target += group * GroupLength + ((long)panel * _shape.Cells * _shape.Channels + first) * Panel;
        for (int cell = 0; cell < _shape.Cells; cell++, target += (long)_shape.Channels * Panel, cells += CellPitch)
            new Span<float>(cells, channels * Panel).CopyTo(new Span<float>(target, channels * Panel));
    }

    // One tap of the 3 × 3 or 5 × 5 filter for the outputs of a panel; zero where space-to-depth reaches beyond the filter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(float* w, int group, int panel, int first, int channels, int u, int v, float* target)
    {
        ConvShape conv = _shape.Conv;
        int output = panel * Panel, columns = Math.Min(Panel, conv.GroupOutChannels - output);
        if (_flipped)
        {
            int at = (conv.KernelHeight - 1 - u) * conv.KernelWidth + conv.KernelWidth - 1 - v;
            float* turned = w + ((long)at * conv.GroupOutChannels + output) * conv.InChannels + group * conv.GroupInChannels + first;
            GemmPack.PanelFromColumns(turned, conv.InChannels, channels, columns, target);
            return;
        }
        for (int channel = first; channel < first + channels; channel++, target += Panel)
        {
            int inner = channel % conv.GroupInChannels, place = channel / conv.GroupInChannels;
            int row = u * _shape.Block + place / _shape.Block, column = v * _shape.Block + place % _shape.Block;
            int found = row < conv.KernelHeight && column < conv.KernelWidth ? columns : 0;
            float* source = w + (((long)row * conv.KernelWidth + column) * conv.GroupInChannels + inner) * conv.OutChannels
                + group * conv.GroupOutChannels + output;
            new Span<float>(source, found).CopyTo(new Span<float>(target, found));
            new Span<float>(target + found, Panel - found).Clear();
        }
    }

    private static T[] Pinned<T>(ReadOnlySpan<T> values)
    {
        T[] pinned = GC.AllocateUninitializedArray<T>(values.Length, true);
        values.CopyTo(pinned);
        return pinned;
    }

    private void Transform(float* g, float* cells, int channels, float* half)
    {
        var block = new WinogradFilterTransform
        {
            Matrix = (double*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_g)),
            Places = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_places)),
            Taps = g,
            TapPitch = Piece * Panel,
            U = cells,
            Filters = channels * Panel,
            Half = half,
        };
        switch (_shape.Size, _shape.Y.Long, _shape.X.Long)
        {
            case (8, _, _): block.Run<N5, N8, N8>(); break;
            case (7, _, _): block.Run<N5, N7, N7>(); break;
            case (_, 0, 0): block.Run<N3, N6, N6>(); break;
            case (_, 0, _): block.Run<N3, N6, N7>(); break;
            case (_, _, 0): block.Run<N3, N7, N6>(); break;
            default: block.Run<N3, N7, N7>(); break;
        }
    }
}
