using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The gradient of a convolution's filter by Winograd's algorithm (<see cref="WinogradGradient"/>): x and dy are transformed tile by
/// tile; for each cell of a tile the product of x, channels × tiles, and dy, tiles × 32 output channels, is added to a panel's sums;
/// at the end these become the filter's gradient. Where the sums are small, each thread has pieces of the tiles with sums of their own
/// and nothing is shared. Else, group by group and block of tiles by block, x is transformed once for all, and threads take panels.
/// The order of summation is a function of the shape alone: chains over the tiles of a block, their sums added block by block,
/// then piece by piece.
/// </summary>
internal sealed unsafe class WinogradFilterGradient
{
    private const int Panel = GemmPack.PanelColumns;
    private const int SharedTiles = 288;
    private const int OwnTiles = 72;
    private const int OwnItems = 8;
    private const long SmallSums = 2 << 20;

    private readonly WinogradShape _shape;
    private readonly WinogradGradientBlock _block;
    private readonly int _tiles;
    private readonly int _pieces;
    private readonly int _panels;
    private readonly long _panelSums;

    private WinogradFilterGradient(WinogradShape shape)
    {
        _shape = shape;
        ConvShape conv = shape.Conv;
        _panels = GemmPack.Panels(conv.GroupOutChannels);
        _tiles = conv.Batch * shape.Tiles;
        long sums = sizeof(float) * (long)shape.Cells * shape.Channels * Panel * _panels;
        bool small = sums <= SmallSums && _tiles >= OwnItems * OwnTiles;
        _pieces = small ? Math.Clamp(OwnItems / conv.Groups, 1, _tiles / shape.X.Tiles) : 0;
        int most = small ? OwnTiles : SharedTiles, unit = shape.Tiles <= most ? shape.Tiles : shape.X.Tiles;
        _block = new WinogradGradientBlock(shape, Math.Min(_tiles, Math.Max(1, most / unit) * unit));
        _panelSums = _block.SumsLength;
    }

    /// <summary>Bytes that <see cref="Run"/> needs.</summary>
    internal long WorkspaceBytes => sizeof(float) * (InputLength + SumsLength);

    private bool Shares => _pieces == 0;

    // The sums of one block alone need not outlive the thread's scratch memory.
    private bool KeepsSums => !Shares || _tiles > _block.Tiles;

    private long InputLength => Shares ? _block.Input.Length : 0;

    private long SumsLength => KeepsSums ? (Shares ? 1 : _shape.Conv.Groups * _pieces) * _panels * _panelSums : 0;

    /// <summary>
    /// The plan, or null where direct computation is the better choice or, with <paramref name="always"/>, the only one.
    /// </summary>
    internal static WinogradFilterGradient? For(in ConvShape shape, bool always = false)
    {
        if (shape.Batch == 0 || WinogradShape.For(shape, true) is not { } winograd || (long)shape.Batch * winograd.Tiles > int.MaxValue)
            return null;
        bool pays = winograd.Channels >= 16 && shape.GroupOutChannels >= 16 && Cost(winograd) < DirectCost(shape);
        return always || pays ? new WinogradFilterGradient(winograd) : null;
    }

    // In multiply-adds. The time of about 48 of them goes into each transformed value of x and dy, that of 64 into each sum.
    private static long Cost(WinogradShape shape)
    {
        long inputs = shape.Channels, outputs = shape.Conv.GroupOutChannels;
        return shape.PictureCells * (long)shape.Conv.Batch * (inputs * outputs + 48 * (inputs + outputs)) + shape.Cells * inputs * outputs * 64;
    }

    private static long DirectCost(in ConvShape shape) =>
        shape.Batch * (long)shape.OutHeight * shape.OutWidth * shape.KernelHeight * shape.KernelWidth * shape.GroupInChannels * shape.GroupOutChannels;

    /// <summary>Computes dw, all of it; void where it is not finite.</summary>
    internal void Run(float* x, float* dy, float* dw, float* workspace, int threads)
    {
        var job = new Job(this, x, dy, dw, workspace, threads);
        if (Shares)
            RunShared(job, threads);
        else
            RunOwn(job, threads);
    }

    private void RunOwn(in Job job, int threads)
    {
        Workers.ForSimd(threads, _shape.Conv.Groups * _pieces, new Piece(job));
        for (int group = 0; group < _shape.Conv.Groups; group++)
            Workers.ForSimd(threads, _panels * job.Parts, new Finish(job, group, _pieces));
    }

    private void RunShared(in Job job, int threads)
    {
        for (int group = 0; group < _shape.Conv.Groups; group++)
        {
            for (int first = 0; first < _tiles; first += _block.Tiles)
            {
                int tiles = Math.Min(_block.Tiles, _tiles - first);
                Workers.ForSimd(threads, tiles / _shape.X.Tiles, new Transform(job, group, first, tiles));
                Workers.ForSimd(threads, _panels * job.Parts, new Multiply(job, group, first, tiles));
            }
            if (KeepsSums)
                Workers.ForSimd(threads, _panels * job.Parts, new Finish(job, group, 1));
        }
    }

    /// <summary>What all threads know of a run.</summary>
    private readonly struct Job(WinogradFilterGradient plan, float* x, float* dy, float* dw, float* workspace, int threads)
    {
        internal readonly WinogradFilterGradient Plan = plan;
        internal readonly float* X = x;
        internal readonly float* Dy = dy;
        internal readonly float* Input = workspace;
        private readonly float* _dw = dw;
        private readonly float* _sums = workspace + plan.InputLength;

        /// <summary>Parts into which the channels of a panel are cut so that all threads have work.</summary>
        internal readonly int Parts = Math.Clamp(2 * Workers.Resolve(threads) / plan._panels, 1, (plan._shape.Channels + 23) / 24);

        internal float* Sums(int group, int piece, int panel) =>
            _sums + (((long)(Plan.Shares ? 0 : group) * Plan._pieces + piece) * Plan._panels + panel) * Plan._panelSums;

        internal (int First, int End) Channels(int part) =>
            (Plan._shape.Channels * part / Parts, Plan._shape.Channels * (part + 1) / Parts);

        internal void Gather<V>(int group, int panel, int part, float* sums, int pieces) where V : struct, ISimd<V>
        {
            (int first, int end) = Channels(part);
            Plan._block.Gather<V>(sums, pieces, Plan._panels * Plan._panelSums, group, panel, first, end, _dw);
        }
    }

    /// <summary>All of the work for a piece of a group's tiles, up to its sums.</summary>
    private struct Piece(in Job job) : ISimdBlock
    {
        private readonly Job _job = job;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int item) where V : struct, ISimd<V>
        {
            WinogradFilterGradient plan = _job.Plan;
            WinogradGradientBlock block = plan._block;
            int row = plan._shape.X.Tiles, rows = plan._tiles / row, piece = item % plan._pieces, group = item / plan._pieces;
            int from = (int)((long)rows * piece / plan._pieces) * row, end = (int)((long)rows * (piece + 1) / plan._pieces) * row;
            float* input = (float*)Scratch.Get(sizeof(float) * (block.Input.Length + block.Output.Length + block.BandLength));
            float* output = input + block.Input.Length, band = output + block.Output.Length;
            for (int first = from; first < end; first += block.Tiles)
            {
                int tiles = Math.Min(block.Tiles, end - first);
                for (int at = 0; at < tiles; at += row)
                    block.TransformRow<V>(_job.X, group, first, tiles, at, input, band);
                for (int panel = 0; panel < plan._panels; panel++)
                {
                    block.Spread<V>(_job.Dy, group, panel, first, tiles, output);
                    block.Multiply<V>(first, tiles, input, output, _job.Sums(group, piece, panel), 0, plan._shape.Channels, first > from);
                }
            }
        }
    }

    /// <summary>The transform of a row of tiles of x.</summary>
    private struct Transform(in Job job, int group, int first, int tiles) : ISimdBlock
    {
        private readonly Job _job = job;

        public readonly void Run<V>(int row) where V : struct, ISimd<V>
        {
            WinogradGradientBlock block = _job.Plan._block;
            float* band = (float*)Scratch.Get(sizeof(float) * block.BandLength);
            block.TransformRow<V>(_job.X, group, first, tiles, row * _job.Plan._shape.X.Tiles, _job.Input, band);
        }
    }

    /// <summary>The sums of a panel, or a part of its channels, for a block of tiles; if there is no other block, the gradient too.</summary>
    private struct Multiply(in Job job, int group, int first, int tiles) : ISimdBlock
    {
        private readonly Job _job = job;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int item) where V : struct, ISimd<V>
        {
            WinogradFilterGradient plan = _job.Plan;
            WinogradGradientBlock block = plan._block;
            int panel = item / _job.Parts, part = item % _job.Parts;
            float* output = (float*)Scratch.Get(sizeof(float) * (block.Output.Length + (plan.KeepsSums ? 0 : plan._panelSums)));
            float* sums = plan.KeepsSums ? _job.Sums(group, 0, panel) : output + block.Output.Length;
            block.Spread<V>(_job.Dy, group, panel, first, tiles, output);
            (int channel, int end) = _job.Channels(part);
            block.Multiply<V>(first, tiles, _job.Input, output, sums, channel, end, first > 0);
            if (!plan.KeepsSums)
                _job.Gather<V>(group, panel, part, sums, 1);
        }
    }

    /// <summary>The gradient from the sums of all pieces, for a panel or a part of its channels.</summary>
    private struct Finish(in Job job, int group, int pieces) : ISimdBlock
    {
        private readonly Job _job = job;

        public readonly void Run<V>(int item) where V : struct, ISimd<V>
        {
            int panel = item / _job.Parts;
            _job.Gather<V>(group, panel, item % _job.Parts, _job.Sums(group, 0, panel), pieces);
        }
    }
}
