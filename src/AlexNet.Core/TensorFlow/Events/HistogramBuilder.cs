using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Counts values into TensorFlow's buckets: limits 1e-12 · 1.1ⁿ below 1e20, the largest double, their mirror images and
/// 0. A value belongs to the first bucket whose limit is greater than it.
/// </summary>
internal sealed class HistogramBuilder
{
    private const int CellShift = 48;
    private const int BlockLength = 1 << 20;
    private static readonly double[] Limits = MakeLimits();

    // Sign, exponent and the highest four bits of the mantissa tell, up to one step, which bucket a number belongs to:
    // numbers that share them differ by less than 1/16, two limits by 1/10.
    private static readonly ushort[] FirstBuckets = MakeFirstBuckets();

    private readonly long[] counts = new long[Limits.Length];
    private double min = double.MaxValue;
    private double max = double.MinValue;
    private long number;
    private double sum;
    private double sumOfSquares;

    /// <summary>Counts values of a supported element type.</summary>
    /// <returns>−1, or the position of a value that is not finite: nothing after it is counted.</returns>
    public int Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Add<float, FromFloat>(MemoryMarshal.Cast<T, float>(values));
        if (typeof(T) == typeof(double)) return Add<double, FromDouble>(MemoryMarshal.Cast<T, double>(values));
        if (typeof(T) == typeof(int)) return Add<int, FromInt32>(MemoryMarshal.Cast<T, int>(values));
        if (typeof(T) == typeof(long)) return Add<long, FromInt64>(MemoryMarshal.Cast<T, long>(values));
        if (typeof(T) == typeof(byte)) return Add<byte, FromByte>(MemoryMarshal.Cast<T, byte>(values));
        throw new AlexNetException($"A histogram cannot hold values of the type {typeof(T).Name}; it takes float, double, int, long or byte.");
    }

    /// <summary>The message: a run of empty buckets becomes one, with the last limit of the run.</summary>
    public HistogramProto ToProto()
    {
        var histogram = new HistogramProto { Min = min, Max = max, Num = number, Sum = sum, SumSquares = sumOfSquares };
        for (int i = 0; i < Limits.Length; i++)
        {
            if (counts[i] == 0 && i + 1 < Limits.Length && counts[i + 1] == 0) continue;
            histogram.BucketLimit.Add(Limits[i]);
            histogram.Bucket.Add(counts[i]);
        }

        return histogram;
    }

    // Blocks are of fixed size and their sums are added in order: the numbers do not depend on the threads.
    private int Add<T, TConvert>(ReadOnlySpan<T> values)
        where T : unmanaged
        where TConvert : IToDouble<T>
    {
        if (values.Length <= BlockLength) return AddBlock<T, TConvert>(values);
        var blocks = new HistogramBuilder[(values.Length + BlockLength - 1) / BlockLength];
        var notFinite = new int[blocks.Length];
        unsafe
        {
            fixed (T* pointer = values)
            {
                (nint first, int length) = ((nint)pointer, values.Length);
                Parallel.For(0, blocks.Length, block =>
                {
                    int start = block * BlockLength;
                    blocks[block] = new HistogramBuilder();
                    notFinite[block] = blocks[block].AddBlock<T, TConvert>(new ReadOnlySpan<T>((T*)first + start, Math.Min(BlockLength, length - start)));
                });
            }
        }

        int bad = Array.FindIndex(notFinite, position => position >= 0);
        if (bad >= 0) return (bad * BlockLength) + notFinite[bad];
        foreach (HistogramBuilder block in blocks) Add(block);
        return -1;
    }

    private void Add(HistogramBuilder other)
    {
        for (int i = 0; i < counts.Length; i++) counts[i] += other.counts[i];
        min = Math.Min(min, other.min);
        max = Math.Max(max, other.max);
        number += other.number;
        sum += other.sum;
        sumOfSquares += other.sumOfSquares;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int AddBlock<T, TConvert>(ReadOnlySpan<T> values)
        where TConvert : IToDouble<T>
    {
        (double least, double most, double total, double squares) = (min, max, sum, sumOfSquares);
        ReadOnlySpan<ushort> firstBuckets = FirstBuckets;
        ReadOnlySpan<double> limits = Limits;
        Span<long> counted = counts;
        for (int i = 0; i < values.Length; i++)
        {
            double value = TConvert.ToDouble(values[i]);
            if (!double.IsFinite(value)) return i;
            int bucket = firstBuckets[(int)(BitConverter.DoubleToUInt64Bits(value) >> CellShift)];
            // At most one step, but behind the last limit: without a branch that half of all numbers would take.
            bucket = Math.Min(bucket + (limits[bucket] <= value ? 1 : 0), limits.Length - 1);
            counted[bucket]++;
            if (value < least) least = value;
            if (value > most) most = value;
            total += value;
            squares += value * value;
        }

        (min, max, sum, sumOfSquares) = (least, most, total, squares);
        number += values.Length;
        return -1;
    }

    private static double[] MakeLimits()
    {
        var positive = new List<double>();
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1) positive.Add(limit);
        positive.Add(double.MaxValue);
        return [.. positive.Select(limit => -limit).Reverse(), 0, .. positive];
    }

    private static ushort[] MakeFirstBuckets()
    {
        var buckets = new ushort[1 << (64 - CellShift)];
        for (int cell = 0; cell < buckets.Length; cell++)
        {
            // The cell's lowest number: of a negative one the greatest magnitude.
            bool negative = cell >= buckets.Length / 2;
            ulong bits = negative ? ((ulong)(cell + 1) << CellShift) - 1 : (ulong)cell << CellShift;
            double lowest = BitConverter.UInt64BitsToDouble(bits);
            if (!double.IsFinite(lowest)) continue;
            int at = Array.BinarySearch(Limits, lowest);
            buckets[cell] = (ushort)Math.Min(at >= 0 ? at + 1 : ~at, Limits.Length - 1);
        }

        return buckets;
    }

    private interface IToDouble<T>
    {
        static abstract double ToDouble(T value);
    }

    private readonly struct FromFloat : IToDouble<float>
    {
        public static double ToDouble(float value) => value;
    }

    private readonly struct FromDouble : IToDouble<double>
    {
        public static double ToDouble(double value) => value;
    }

    private readonly struct FromInt32 : IToDouble<int>
    {
        public static double ToDouble(int value) => value;
    }

    private readonly struct FromInt64 : IToDouble<long>
    {
        public static double ToDouble(long value) => value;
    }

    private readonly struct FromByte : IToDouble<byte>
    {
        public static double ToDouble(byte value) => value;
    }
}
