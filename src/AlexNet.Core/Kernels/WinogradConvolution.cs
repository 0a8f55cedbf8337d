using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Winograd convolution in blocks of tiles that stay in a core's cache: input transform, a matrix product for each cell and panel of
/// output channels, output transform with bias and relu. With many tiles every thread has blocks of its own; with few, threads
/// share one block by output channels. Each value of a tile depends on that tile alone, so no choice here touches the bits.
/// </summary>
internal sealed unsafe partial class WinogradConvolution
{
    // Terms of one chain of multiply-adds over the channels. Longer tiles multiply the rounding of a chain more.
    private const int LongestChain = 512;
    private const int LongestChainOfLongTiles = 32;
    private const int SharedTiles = 64;

    private readonly WinogradShape _shape;
    private readonly WinogradBand _band;
    private readonly WinogradFilter _filter;
    private readonly int _channelPitch;
    private readonly int _chain;

    internal WinogradConvolution(WinogradShape shape, bool flipped = false)
    {
        _shape = shape;
        _band = new WinogradBand(shape);
        _filter = new WinogradFilter(shape, flipped);
        int longest = shape.Cells > shape.Regular || shape.Outputs == 3 ? LongestChainOfLongTiles : LongestChain, chains = (shape.Channels + longest - 1) / longest;
        _chain = (shape.Channels + chains - 1) / chains;
        // Rows a page apart would share one set of the first-level cache.
        _channelPitch = _band.Channels % 512 == 0 ? _band.Channels + 16 : _band.Channels;
    }

    /// <summary>Floats of a transformed filter.</summary>
    internal long FilterLength => _filter.Length;

    /// <summary>Name of the form of prepared filters: which kinds of tiles have cells there.</summary>
    internal string FilterForm => (_shape.Y.Long, _shape.X.Long) switch
    {
        (0, 0) => "winograd",
        (0, _) => "winograd, wide tiles",
        (_, 0) => "winograd, tall tiles",
        _ => "winograd, wide and tall tiles",
    };

    /// <summary>Bytes that <see cref="Run"/> needs.</summary>
    internal long WorkspaceBytes => sizeof(float) * (InputLength(SharedTiles) + _shape.Conv.Batch) + 64;

    internal void PrepareFilter(float* w, float* target, int threads) => _filter.Prepare(w, target, threads);

    /// <summary>
    /// y = x ∗ w. Pictures that are not finite everywhere are marked in the first Batch integers of the workspace; their y is
    /// void. Returns whether there is one.
    /// </summary>
    internal bool Run(float* x, float* filter, float* y, float* bias, bool relu, void* workspace, int threads)
    {
        int batch = _shape.Conv.Batch, groups = _shape.Conv.Groups;
        int* marks = (int*)workspace;
        new Span<int>(marks, batch).Clear();
        float* shared = (float*)(((nint)(marks + batch) + 63) & ~63);
        var job = new Job(this, x, filter, y, bias, relu, marks);
        long tiles = (long)batch * _shape.Tiles;
        int own = OwnTiles(tiles, Workers.Resolve(threads));
        if (own > 0)
        {
            int blocks = (int)((tiles + own - 1) / own);
            Workers.ForSimd(threads, checked(blocks * groups), new OwnBlock(job, tiles, own, blocks));
        }
        else
        {
            RunShared(job, tiles, shared, threads);
        }
        return new Span<int>(marks, batch).ContainsAnyExcept(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunShared(in Job job, long tiles, float* shared, int threads)
    {
        int panels = GemmPack.Panels(_shape.Conv.GroupOutChannels);
        for (int group = 0; group < _shape.Conv.Groups; group++)
        {
            for (long first = 0; first < tiles; first += SharedTiles)
            {
                int count = (int)Math.Min(SharedTiles, tiles - first);
                // A block of the transform is the part of a band that these tiles meet.
                int bands = CountBands(first, count);
                Workers.ForSimd(threads, bands, new SharedInput(job, group, first, count, shared));
                Workers.ForSimd(threads, panels, new SharedOutput(job, group, first, count, shared));
            }
        }
    }

    /// <summary>Tiles of a block where threads have blocks of their own; 0 where that would leave threads idle.</summary>
    private int OwnTiles(long tiles, int threads)
    {
        int groups = _shape.Conv.Groups;
        // Large filters are read once a block: then blocks must be large.
        bool large = FilterLength / groups > 1 << 18;
        long tileBytes = sizeof(float) * (long)_shape.PictureCells / _shape.Tiles * (_channelPitch + GemmPack.PanelColumns);
        long most = Math.Clamp(640L * 1024 / tileBytes, large ? 36 : 24, 96) / GemmTile.MaxRows * GemmTile.MaxRows;
        long blocks = (tiles + most - 1) / most;
        // Threads that have whole groups to themselves need not wait for each other.
        if (groups % threads == 0)
            return (int)((tiles + blocks - 1) / blocks);
        // With few blocks every thread gets as many.
        while (blocks * groups < 8L * threads && blocks * groups % threads != 0)
            blocks++;
        int own = (int)((tiles + blocks - 1) / blocks);
        return blocks * groups < threads || own < (large ? 32 : 16) ? 0 : own;
    }

    private long InputLength(int tiles) => _shape.Cells * PlaneLength(tiles);

    // One line more, so that the planes do not share a set of the cache.
    private long PlaneLength(int tiles) => (long)tiles * _channelPitch + 16;

    /// <summary>Pieces of tile rows, at most a band high and within a picture, that the tiles meet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int CountBands(long first, int count)
    {
        int bands = 0;
        for (long at = first; at < first + count; bands++)
            at = BandEnd(at, first + count);
        return bands;
    }

    private long BandEnd(long tile, long end)
    {
        long picture = tile / _shape.Tiles * _shape.Tiles;
        int row = (int)((tile - picture) / _shape.X.Tiles), last = Math.Min(row + _band.TileRows, _shape.Y.Tiles);
        return Math.Min(end, picture + last * _shape.X.Tiles);
    }

    /// <summary>All of the work for some tiles of a group, in the thread's own memory.</summary>
    private struct OwnBlock(in Job job, long tiles, int own, int blocks) : ISimdBlock
    {
        private readonly Job _job = job;
        private readonly long _tiles = tiles;
        private readonly int _own = own;
        private readonly int _blocks = blocks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            WinogradConvolution plan = _job.Plan;
            int group = block / _blocks;
            long first = (long)(block % _blocks) * _own, end = Math.Min(_tiles, first + _own);
            long inputLength = plan.InputLength(_own), sumsLength = (long)_own * plan._shape.Cells * GemmPack.PanelColumns;
            float* input = (float*)Scratch.Get(sizeof(float) * (inputLength + Math.Max(sumsLength, plan._band.Length)));
            // The band is done with before the first sums are made.
            float* sums = input + inputLength;
            nint plane = (nint)plan.PlaneLength(_own);
            WinogradCursor places = WinogradCursor.OverInput(plan._shape, input, plane, plan._channelPitch, default);
            for (long at = first, next; at < end; at = next)
            {
                next = plan.BandEnd(at, end);
                _job.Input<V>(group, at, next, ref places, plane, sums);
            }
            int panels = GemmPack.Panels(plan._shape.Conv.GroupOutChannels);
            WinogradCounts counts = plan._shape.Count(first, end);
            for (int panel = 0; panel < panels; panel++)
            {
                _job.Multiply<V>(group, panel, counts, input, plane, sums);
                _job.Output<V>(group, panel, first, counts, sums);
            }
        }
    }

    /// <summary>Input transform of one band of a shared block.</summary>
    private struct SharedInput(in Job job, int group, long first, int count, float* input) : ISimdBlock
    {
        private readonly Job _job = job;
        private readonly float* _input = input;
        private readonly long _first = first;
        private readonly int _group = group;
        private readonly int _count = count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            WinogradConvolution plan = _job.Plan;
            long at = _first, next = plan.BandEnd(at, _first + _count);
            for (; block > 0; block--)
            {
                at = next;
                next = plan.BandEnd(at, _first + _count);
            }
            float* memory = (float*)Scratch.Get(sizeof(float) * plan._band.Length);
            nint plane = (nint)plan.PlaneLength(_count);
            WinogradCursor places = WinogradCursor.OverInput(plan._shape, _input, plane, plan._channelPitch, plan._shape.Count(_first, at));
            _job.Input<V>(_group, at, next, ref places, plane, memory);
        }
    }

    /// <summary>Products and output transform of one panel of a shared block.</summary>
    private struct SharedOutput(in Job job, int group, long first, int count, float* input) : ISimdBlock
    {
        private readonly Job _job = job;
        private readonly float* _input = input;
        private readonly long _first = first;
        private readonly int _group = group;
        private readonly int _count = count;

        public readonly void Run<V>(int panel) where V : struct, ISimd<V>
        {
            WinogradConvolution plan = _job.Plan;
            float* sums = (float*)Scratch.Get(sizeof(float) * (long)_count * plan._shape.Cells * GemmPack.PanelColumns);
            WinogradCounts counts = plan._shape.Count(_first, _first + _count);
            _job.Multiply<V>(_group, panel, counts, _input, (nint)plan.PlaneLength(_count), sums);
            _job.Output<V>(_group, panel, _first, counts, sums);
        }
    }
}
