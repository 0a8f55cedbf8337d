using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// y = max pool of LRN of x without the normalised picture in between: <c>LrnMaxPooling.Run(p, shape, x, y, threads)</c>; the bits
/// are those of the two kernels one after the other.
/// </summary>
internal static unsafe class LrnMaxPooling
{
    private const long BandBytes = 256 * 1024;

    internal static void Run(in LrnParameters p, in PoolShape shape, float* x, float* y, int threads)
    {
        if (shape.OutPicture == 0)
            return;
        long rowBytes = Math.Max(1, (long)shape.InWidth * shape.Channels * sizeof(float) * shape.StrideY);
        int bandRows = (int)Math.Clamp(BandBytes / rowBytes, 1, shape.OutHeight);
        // Bands of about equal height, enough of them for the threads.
        int bands = (shape.OutHeight + bandRows - 1) / bandRows;
        if (shape.Batch * bands < 2 * Workers.Resolve(threads))
            bands = Math.Min(shape.OutHeight, 2 * Workers.Resolve(threads) / shape.Batch + 1);
        bandRows = (shape.OutHeight + bands - 1) / bands;
        bands = (shape.OutHeight + bandRows - 1) / bandRows;
        Workers.ForSimd(threads, checked(shape.Batch * bands), new Band(p, shape, x, y, bands, bandRows));
    }

    private struct Band(in LrnParameters p, in PoolShape shape, float* x, float* y, int bands, int bandRows) : ISimdBlock
    {
        private readonly LrnParameters _p = p;
        private readonly PoolShape _shape = shape;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly int _bands = bands;
        private readonly int _bandRows = bandRows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int n = block / _bands, first = block % _bands * _bandRows;
            int last = Math.Min(_shape.OutHeight, first + _bandRows);
            int top = _shape.Rows(first).From, bottom = _shape.Rows(last - 1).To;
            long pitch = (long)_shape.InWidth * _shape.Channels;
            int buffer = Lrn.BufferLength(_p, _shape.Channels);
            float* memory = (float*)Scratch.Get(sizeof(float) * (buffer + (bottom - top) * pitch));
            float* normalised = memory + buffer;
            Lrn.Pixels<V>(_p, _shape.Channels, _x + n * _shape.InPicture + top * pitch, normalised,
                (bottom - top) * _shape.InWidth, memory);
            for (int i = first; i < last; i++)
            {
                (int from, int to) = _shape.Rows(i);
                MaxPooling.Row<V>(_shape, normalised + (from - top) * pitch, to - from,
                    _y + n * _shape.OutPicture + (long)i * _shape.OutWidth * _shape.Channels);
            }
        }
    }
}
