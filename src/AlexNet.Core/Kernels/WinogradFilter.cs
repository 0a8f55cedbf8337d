using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Kernels;

/// <summary>
/// Filters in Winograd's form: U = G g Gᵀ, computed in double and rounded once, as [group][panel of 32 outputs][cell][depth][32].
/// </summary>
internal sealed unsafe class WinogradFilter(WinogradShape shape, bool flipped)
{
    private readonly double[][] _g = WinogradTransform.FilterMatrix(shape.Taps);

    /// <summary>Floats.</summary>
    internal long Length => shape.Conv.Groups * GroupLength;

    /// <summary>Floats of a group.</summary>
    internal long GroupLength => shape.Cells * GemmPack.PackedLength(shape.Channels, shape.Conv.GroupOutChannels);

    /// <summary>
    /// Transforms w. For the flipped form (the gradient of the input) the shape is that of the convolution of dy, while w is
    /// stored as the forward convolution's: [taps][taps][outputs of the shape][all its inputs].
    /// </summary>
    internal void Prepare(float* w, float* target, int threads) => Workers.For(threads,
        shape.Conv.Groups * GemmPack.Panels(shape.Conv.GroupOutChannels) * shape.Channels, new Pack(this, w, target));

    private struct Pack(WinogradFilter owner, float* w, float* target) : IBlock
    {
        private readonly WinogradFilter _owner = owner;
        private readonly float* _w = w;
        private readonly float* _target = target;

        public readonly void Run(int block) => _owner.Channel(_w, _target, block);
    }

    // All outputs of a panel for one input channel.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Channel(float* w, float* target, int block)
    {
        int channel = block % shape.Channels;
        block /= shape.Channels;
        int panels = GemmPack.Panels(shape.Conv.GroupOutChannels), panel = block % panels, group = block / panels;
        int taps = shape.Taps, columns = Math.Min(GemmPack.PanelColumns, shape.Conv.GroupOutChannels - panel * GemmPack.PanelColumns);
        float* g = stackalloc float[5 * 5 * GemmPack.PanelColumns];
        new Span<float>(g, taps * taps * GemmPack.PanelColumns).Clear();
        for (int u = 0; u < taps; u++)
        {
            for (int v = 0; v < taps; v++)
                Gather(w, group, panel, columns, channel, u, v, g + (u * taps + v) * GemmPack.PanelColumns);
        }
        float* cell = target + group * GroupLength
            + ((long)panel * shape.Cells * shape.Channels + channel) * GemmPack.PanelColumns;
        for (int c = 0; c < GemmPack.PanelColumns; c += 8)
            Transform(g + c, cell + c);
    }

    // One tap of the 3 × 3 or 5 × 5 filter for the outputs of a panel; zero where space-to-depth reaches beyond the filter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(float* w, int group, int panel, int columns, int channel, int u, int v, float* target)
    {
        ConvShape conv = shape.Conv;
        int inner = channel % conv.GroupInChannels, place = channel / conv.GroupInChannels;
        int row = u * shape.Block + place / shape.Block, column = v * shape.Block + place % shape.Block;
        if (row >= conv.KernelHeight || column >= conv.KernelWidth)
            return;
        int output = panel * GemmPack.PanelColumns;
        if (!flipped)
        {
            float* source = w + (((long)row * conv.KernelWidth + column) * conv.GroupInChannels + inner) * conv.OutChannels
                + group * conv.GroupOutChannels + output;
            new Span<float>(source, columns).CopyTo(new Span<float>(target, columns));
            return;
        }
        row = conv.KernelHeight - 1 - row;
        column = conv.KernelWidth - 1 - column;
        float* turned = w + (((long)row * conv.KernelWidth + column) * conv.GroupOutChannels + output) * conv.InChannels
            + group * conv.GroupInChannels + inner;
        for (int o = 0; o < columns; o++)
            target[o] = turned[(long)o * conv.InChannels];
    }

    // Eight outputs at a time; multiplications and additions round separately, so that every machine has the same bits.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(float* g, float* target)
    {
        int taps = shape.Taps;
        int rows = shape.Size + Math.Min(1, shape.Y.Long), columns = shape.Size + Math.Min(1, shape.X.Long);
        Vector512<double>* half = stackalloc Vector512<double>[8 * 5];
        for (int v = 0; v < taps; v++)
        {
            for (int i = 0; i < rows; i++)
            {
                Vector512<double> sum = Vector512<double>.Zero;
                for (int u = 0; u < taps; u++)
                    sum += Vector512.Create(_g[i][u]) * Widen(g + (u * taps + v) * GemmPack.PanelColumns);
                half[i * taps + v] = sum;
            }
        }
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                Vector512<double> sum = Vector512<double>.Zero;
                for (int v = 0; v < taps; v++)
                    sum += Vector512.Create(_g[j][v]) * half[i * taps + v];
                long cell = (long)shape.Cell(i, j) * shape.Channels * GemmPack.PanelColumns;
                Vector256.Store(Vector256.Narrow(sum.GetLower(), sum.GetUpper()), target + cell);
            }
        }
    }

    private static Vector512<double> Widen(float* p)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(p));
        return Vector512.Create(low, high);
    }
}
