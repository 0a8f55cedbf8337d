using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// One dimension of a <see cref="TapConvolution"/>: output cell t, for t below <see cref="Count"/>, reads the input cells
/// t·Step + taps[i]; cells outside the input are zero. Taps ascend.
/// </summary>
internal sealed class TapAxis(int input, int count, int step, int[] taps)
{
    internal int Input { get; } = input;

    internal int Count { get; } = count;

    internal int Step { get; } = step;

    internal int[] Taps { get; } = taps;

    /// <summary>First input cell that is read.</summary>
    internal int First => Taps.Length == 0 ? 0 : Taps[0];

    /// <summary>Number of input cells from the first to the last that <paramref name="count"/> outputs read.</summary>
    internal int Extent(int count) => Taps.Length == 0 ? 0 : (count - 1) * Step + Taps[^1] - Taps[0] + 1;

    internal bool StaysInside => First >= 0 && First + Extent(Count) <= Input;

    internal bool TapsAdjoin => Taps.Length == 0 || Taps[^1] - Taps[0] == Taps.Length - 1;
}

/// <summary>
/// Convolution as a matrix product whose left side is read where it lies: for a row of output cells the micro-kernel's rows
/// are pixels a constant step apart, its depth the channels of one tap after the other. Padding and groups are resolved by
/// copying a band of input rows into the core's cache. Serves the forward pass and, with the taps that meet one residue of
/// the stride, the gradient of the input.
/// The order of summation is the filter's: pieces of at most 512 terms along (tap row, tap column, channel), whose sums are
/// added in order.
/// </summary>
internal sealed unsafe class TapConvolution
{
    private const int LongestPiece = 512;
    private const int ShortestSum = 256;
    private const long BandBytes = 192 * 1024;

    private readonly TapAxis _y;
    private readonly TapAxis _x;
    private readonly int _groups;
    private readonly int _inChannels;
    private readonly int _outChannels;
    private readonly bool _copies;
    private readonly int _pixelPitch;
    private readonly int _rowPitch;
    private readonly nint[] _offsets;
    private readonly int _runDepth;
    private readonly int _bandRows;

    /// <param name="y">The rows.</param>
    /// <param name="x">The columns.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="inChannels">Input channels of a group.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    internal TapConvolution(TapAxis y, TapAxis x, int groups, int inChannels, int outChannels)
    {
        (_y, _x, _groups, _inChannels, _outChannels) = (y, x, groups, inChannels, outChannels);
        _copies = !y.StaysInside || !x.StaysInside || (groups > 1 && inChannels < 64);
        _pixelPitch = _copies ? inChannels : inChannels * groups;
        _rowPitch = (_copies ? x.Extent(x.Count) : x.Input) * _pixelPitch;
        bool merged = x.TapsAdjoin && _pixelPitch == inChannels;
        int length = merged ? x.Taps.Length * inChannels : inChannels;
        int pieces = (length + LongestPiece - 1) / LongestPiece;
        _runDepth = pieces <= 1 ? length : (length + pieces - 1) / pieces;
        _offsets = Offsets(merged ? 1 : x.Taps.Length);
        long rowBytes = Math.Max(1, sizeof(float) * Math.Max((long)y.Step * _rowPitch, (long)x.Count * GemmPack.PanelColumns));
        _bandRows = (int)Math.Clamp(BandBytes / rowBytes, 1, Math.Max(1, y.Count));
    }

    /// <summary>Terms of one output.</summary>
    internal int Depth => _y.Taps.Length * _x.Taps.Length * _inChannels;

    /// <summary>Floats of the packed filter: by group, in panels of 32 output channels.</summary>
    internal long PackedLength => _groups * GemmPack.PackedLength(Depth, _outChannels);

    /// <summary>Where the packed panels of a group begin.</summary>
    internal float* GroupFilter(float* packed, int group) => packed + group * GemmPack.PackedLength(Depth, _outChannels);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private nint[] Offsets(int columns)
    {
        if (Depth == 0)
            return [0];
        nint[] offsets = new nint[_y.Taps.Length * columns];
        for (int i = 0; i < _y.Taps.Length; i++)
        {
            for (int j = 0; j < columns; j++)
                offsets[i * columns + j] = (nint)(_y.Taps[i] - _y.First) * _rowPitch + (nint)(_x.Taps[j] - _x.First) * _pixelPitch;
        }
        return offsets;
    }

    /// <summary>Where results go: pictures, rows and pixels are that many floats apart.</summary>
    internal readonly record struct Target(long PicturePitch, long RowPitch, int PixelPitch);

    /// <summary>
    /// y = x ∗ w for <paramref name="pictures"/> pictures; x holds groups · inChannels floats a pixel.
    /// </summary>
    internal void Run(
        float* x, float* packed, float* y, in Target target, int pictures, in GemmEpilogue epilogue, int threads)
    {
        if (pictures == 0 || _y.Count == 0 || _x.Count == 0)
            return;
        int bands = (_y.Count + _bandRows - 1) / _bandRows;
        int panels = GemmPack.Panels(_outChannels);
        long others = (long)pictures * _groups * bands;
        int chunks = (int)Math.Clamp((2L * Workers.Resolve(threads) + others - 1) / others, 1, panels);
        int chunkPanels = (panels + chunks - 1) / chunks;
        chunks = (panels + chunkPanels - 1) / chunkPanels;
        Workers.ForSimd(threads, checked((int)(others * chunks)),
            new Block(this, x, packed, y, target, epilogue, bands, chunks, chunkPanels));
    }

    private struct Block(
        TapConvolution plan, float* x, float* packed, float* y, in Target target, in GemmEpilogue epilogue,
        int bands, int chunks, int chunkPanels) : ISimdBlock
    {
        private readonly TapConvolution _plan = plan;
        private readonly Target _target = target;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _x = x;
        private readonly float* _packed = packed;
        private readonly float* _y = y;
        private readonly int _bands = bands;
        private readonly int _chunks = chunks;
        private readonly int _chunkPanels = chunkPanels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            TapConvolution plan = _plan;
            int chunk = block % _chunks;
            block /= _chunks;
            int band = block % _bands;
            block /= _bands;
            int group = block % plan._groups, picture = block / plan._groups;
            int row = band * plan._bandRows, rows = Math.Min(plan._bandRows, plan._y.Count - row);

            long copied = plan._copies ? (long)plan._y.Extent(rows) * plan._rowPitch : 0;
            copied = (copied + 31) & ~31L;
            float* sums = (float*)Scratch.Get(sizeof(float) * (copied
                + (long)rows * plan._x.Count * GemmPack.PanelColumns)) + copied;
            float* input = plan._copies ? sums - copied : null;
            float* x = _x + picture * plan.InPicture + group * plan._inChannels;
            if (plan._copies)
                plan.CopyBand(x, row, rows, input);
            else
                input = x + ((long)(row * plan._y.Step + plan._y.First) * plan._x.Input + plan._x.First) * plan._pixelPitch;

            int last = Math.Min(GemmPack.Panels(plan._outChannels), (chunk + 1) * _chunkPanels);
            for (int panel = chunk * _chunkPanels; panel < last; panel++)
            {
                float* filter = plan.GroupFilter(_packed, group) + (long)panel * plan.Depth * GemmPack.PanelColumns;
                int column = panel * GemmPack.PanelColumns;
                int channel = group * plan._outChannels + column;
                float* y = _y + picture * _target.PicturePitch + row * _target.RowPitch + channel;
                Panel<V>(input, rows, filter, Math.Min(GemmPack.PanelColumns, plan._outChannels - column), y, channel, sums);
            }
        }

        // One panel of output channels for all pixels of the band: filter strips outside, pixels inside.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Panel<V>(float* input, int rows, float* filter, int columns, float* y, int channel, float* sums)
            where V : struct, ISimd<V>
        {
            TapConvolution plan = _plan;
            int length = plan.RunLength, sumRuns = plan.SumRuns;
            fixed (nint* offsets = plan._offsets)
            {
                var tile = new GemmTile
                {
                    RowStride = (nint)plan._x.Step * plan._pixelPitch,
                    DepthStride = 1,
                    BStride = GemmPack.PanelColumns,
                    DStride = GemmPack.PanelColumns,
                };
                int run = 0, at = 0, runs = plan._offsets.Length;
                if (length == 0)
                    runs = 0;
                do
                {
                    tile.Depth = Math.Min(plan._runDepth, length - at);
                    tile.Runs = Math.Min(sumRuns, runs - run);
                    tile.RunOffsets = offsets + run;
                    tile.Add = run > 0 || at > 0;
                    float* strip = filter + ((long)run * length + at) * GemmPack.PanelColumns;
                    at += tile.Depth;
                    float* piece = input + at - tile.Depth;
                    if (at >= length)
                    {
                        at = 0;
                        run += Math.Max(1, tile.Runs);
                    }
                    Pixels<V>(ref tile, piece, rows, strip, columns, sums, run >= runs, y, channel);
                }
                while (run < runs);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Pixels<V>(
            ref GemmTile tile, float* input, int rows, float* strip, int columns, float* sums, bool last, float* y, int channel)
            where V : struct, ISimd<V>
        {
            TapConvolution plan = _plan;
            int full = plan.TileRows(V.TileRows);
            tile.Ahead = strip;
            for (int i = 0; i < rows; i++)
            {
                int pixels;
                for (int j = 0; j < plan._x.Count; j += pixels)
                {
                    pixels = GemmBlocked.NextTile(plan._x.Count - j, full);
                    tile.A = input + (long)i * plan._y.Step * plan._rowPitch + j * tile.RowStride;
                    for (int c = 0; c < columns; c += 2 * V.Width)
                    {
                        tile.B = strip + c;
                        tile.D = sums + c;
                        GemmTile.Run<V>(pixels, columns - c <= V.Width, ref tile);
                    }
                    if (last)
                    {
                        _epilogue.Apply<V>(sums, GemmPack.PanelColumns, y + i * _target.RowPitch + (long)j * _target.PixelPitch,
                            _target.PixelPitch, pixels, columns, channel);
                    }
                    sums += pixels * GemmPack.PanelColumns;
                }
            }
        }
    }

    private long InPicture => (long)_y.Input * _x.Input * _groups * _inChannels;

    /// <summary>Floats of A that lie in a row before the micro-kernel jumps to the next tap.</summary>
    private int RunLength => Depth / _offsets.Length;

    /// <summary>Runs that are summed in one chain: enough for 256 terms, one where runs are cut into pieces.</summary>
    private int SumRuns => RunLength > _runDepth ? 1 : (ShortestSum + Math.Max(1, RunLength) - 1) / Math.Max(1, RunLength);

    // Pixels a page apart share one set of the first-level cache: then fewer of them at a time.
    private int TileRows(int most) => (long)_x.Step * _pixelPitch % 1024 == 0 ? Math.Min(most, 6) : most;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyBand(float* x, int row, int rows, float* target)
    {
        int extent = _x.Extent(_x.Count), pitch = _groups * _inChannels;
        int from = Math.Clamp(-_x.First, 0, extent), to = Math.Clamp(_x.Input - _x.First, from, extent);
        for (int i = 0; i < _y.Extent(rows); i++, target += _rowPitch)
        {
            int source = row * _y.Step + _y.First + i;
            if (source < 0 || source >= _y.Input || from == to)
            {
                new Span<float>(target, _rowPitch).Clear();
                continue;
            }
            new Span<float>(target, from * _inChannels).Clear();
            new Span<float>(target + to * _inChannels, (extent - to) * _inChannels).Clear();
            float* cells = x + ((long)source * _x.Input + _x.First + from) * pitch;
            CopyPixels(cells, pitch, to - from, target + from * _inChannels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyPixels(float* source, int pitch, int count, float* target)
    {
        if (pitch == _inChannels)
        {
            Buffer.MemoryCopy(source, target, (long)count * pitch * sizeof(float), (long)count * pitch * sizeof(float));
            return;
        }
        long bytes = (long)_inChannels * sizeof(float);
        for (int j = 0; j < count; j++)
            Buffer.MemoryCopy(source + (long)j * pitch, target + (long)j * _inChannels, bytes, bytes);
    }
}
